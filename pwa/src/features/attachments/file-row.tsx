import type { Attachment } from '@wardline/core/chat/attachment'
import { FileName } from '../../ui/file-name.tsx'
import { Icon } from '../../ui/icon.tsx'
import { damagedText } from './damaged-text.ts'
import { safeName, sizeText, typeLabel } from './kinds.ts'
import styles from './message-files.module.css'
import { ProgressRing } from './progress-ring.tsx'
import type { Upload } from './upload-of.ts'
import { type FileState, saveAs, useFile } from './use-file.ts'

interface Props {
  attachment: Attachment
  upload: Upload
  onCancel: (() => void) | undefined
}

const about = (attachment: Attachment, upload: Upload, state: FileState): string => {
  const what = [typeLabel(attachment.type), sizeText(attachment.size)].filter(Boolean).join(' · ')
  if (upload.kind === 'waiting') return `${what} · waiting to send`
  if (upload.kind === 'uploading') return `${Math.round(upload.share * 100)} % of ${what}`
  if (state.kind === 'unreachable') return `${what} · no connection, tap to try again`
  if (state.kind === 'damaged') return damagedText
  if (state.kind === 'gone') return 'The file is no longer available'
  return what
}

/** A file that is saved with a press. */
export function FileRow({ attachment, upload, onCancel }: Props) {
  const { state, load } = useFile(attachment, false)
  const name = safeName(attachment)
  const save = async () => {
    const url = state.kind === 'here' ? state.url : await load()
    if (url !== undefined) saveAs(url, name)
  }
  return (
    <div className={styles.row}>
      {upload.kind === 'uploading' || upload.kind === 'waiting' ? (
        <ProgressRing
          share={upload.kind === 'uploading' ? upload.share : 0}
          label={`Cancel sending ${name}`}
          icon="close"
          onPress={onCancel}
        />
      ) : state.kind === 'downloading' ? (
        <ProgressRing
          share={state.received / Math.max(attachment.size, 1)}
          label={`Getting ${name}`}
          icon="download"
          onPress={undefined}
        />
      ) : (
        <button
          type="button"
          className={styles.fileMark}
          aria-label={`Save ${name}`}
          disabled={state.kind === 'gone'}
          onClick={() => void save()}
        >
          <Icon name={state.kind === 'here' ? 'file' : 'download'} size={22} />
        </button>
      )}
      <span className={styles.about}>
        <span className={styles.name}>
          <FileName name={name} />
        </span>
        <span className={styles.detail}>{about(attachment, upload, state)}</span>
      </span>
    </div>
  )
}
