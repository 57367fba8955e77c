import type { Attachment } from '@wardline/core/chat/attachment'
import { Icon } from '../../ui/icon.tsx'
import { damagedText } from './damaged-text.ts'
import { boxFor } from './image-size.ts'
import { safeName, sizeText } from './kinds.ts'
import styles from './message-files.module.css'
import { ProgressRing } from './progress-ring.tsx'
import type { Upload } from './upload-of.ts'
import { type FileState, useFile } from './use-file.ts'

interface Props {
  attachment: Attachment
  upload: Upload
  /** One of several. */
  small: boolean
  onOpen: () => void
  onCancel: (() => void) | undefined
}

/** Pictures up to this size come by themselves, bytes. */
const BY_ITSELF = 3_000_000
/** For one that is alone, px. */
const ROOM = { width: 304, height: 380 }

const over = (
  state: FileState,
  upload: Upload,
  { attachment, onCancel }: Props,
  load: () => void,
) => {
  const name = safeName(attachment)
  if (upload.kind === 'uploading' || upload.kind === 'waiting')
    return (
      <ProgressRing
        share={upload.kind === 'uploading' ? upload.share : 0}
        label={`Cancel sending ${name}`}
        icon="close"
        onPress={onCancel}
      />
    )
  if (state.kind === 'downloading')
    return (
      <ProgressRing
        share={state.received / Math.max(attachment.size, 1)}
        label={`Getting ${name}`}
        icon="download"
        onPress={undefined}
      />
    )
  if (state.kind === 'remote' || state.kind === 'unreachable' || state.kind === 'damaged')
    return (
      <>
        <ProgressRing share={null} label={`Get ${name}`} icon="download" onPress={load} />
        <span>{state.kind === 'damaged' ? damagedText : sizeText(attachment.size)}</span>
      </>
    )
  return state.kind === 'gone' ? <span>No longer available</span> : null
}

/** A picture: its place is there at once, then its colours, then itself. */
export function ImageTile(props: Props) {
  const { attachment, upload, small, onOpen } = props
  const { state, load } = useFile(attachment, attachment.size <= BY_ITSELF)
  const box = boxFor(attachment, ROOM)
  const size = small
    ? { inlineSize: '100%', aspectRatio: '1' }
    : { inlineSize: `min(${box.width}px, 66vw)`, aspectRatio: `${box.width} / ${box.height}` }
  return (
    <div className={styles.tile} style={size}>
      {attachment.preview !== undefined && (
        <img className={styles.blur} src={attachment.preview} alt="" />
      )}
      {attachment.preview === undefined && state.kind !== 'here' && (
        <span className={styles.over}>
          <Icon name="image" size={36} />
        </span>
      )}
      {state.kind === 'here' && (
        <button
          type="button"
          className={styles.tile}
          style={{ position: 'absolute', inset: 0, borderRadius: 0, inlineSize: '100%' }}
          aria-label={`Open picture ${safeName(attachment)}`}
          onClick={onOpen}
        >
          <img className={styles.picture} src={state.url} alt="" draggable={false} />
        </button>
      )}
      <div className={styles.over}>{over(state, upload, props, () => void load())}</div>
    </div>
  )
}
