import type { Attachment } from '@wardline/core/chat/attachment'
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react'
import { FileName } from '../../ui/file-name.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { fullText, whenText } from '../../ui/time-text.ts'
import { useNow } from '../../ui/use-now.ts'
import { safeName } from './kinds.ts'
import type { ChatPicture } from './pictures.ts'
import { saveAs, useFile } from './use-file.ts'
import { usePictureGestures } from './use-picture-gestures.ts'
import styles from './viewer.module.css'
import { stepFrom } from './zoom.ts'

/** Undefined where there is nothing to press for. */
type Press = (() => void) | undefined

interface Props {
  /** Undefined: closed. */
  picture: ChatPicture | undefined
  /** Which of how many. */
  position: string
  onPrevious: Press
  onNext: Press
  onClose: () => void
}

/** Pictures over the whole screen. Stays mounted, so that the focus returns when it closes. */
export function Viewer({ picture, position, onPrevious, onNext, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const open = picture !== undefined
  useLayoutEffect(() => {
    const element = dialog.current
    if (element === null || element.open === open) return
    if (!open) return element.close()
    element.showModal()
    // The keys are the picture's, and no button is more likely than another.
    element.focus()
  }, [open])
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'ArrowLeft') onPrevious?.()
    else if (event.key === 'ArrowRight') onNext?.()
  }
  return (
    <dialog
      ref={dialog}
      className={styles.viewer}
      aria-label="Picture"
      tabIndex={-1}
      onClose={() => open && onClose()}
      onKeyDown={onKeyDown}
    >
      {picture !== undefined && (
        <Picture
          picture={picture}
          position={position}
          onPrevious={onPrevious}
          onNext={onNext}
          onClose={onClose}
        />
      )}
    </dialog>
  )
}

function Tool({ icon, label, press }: { icon: IconName; label: string; press: Press }) {
  return (
    <button
      type="button"
      className={styles.tool}
      aria-label={label}
      // Not `disabled`, with which the focus, and with it the keys, would be gone at the last one.
      aria-disabled={press === undefined}
      onClick={press}
    >
      <Icon name={icon} size={22} />
    </button>
  )
}

function SaveTool({ attachment }: { attachment: Attachment }) {
  const { state, load } = useFile(attachment, false)
  const save = async () => {
    const url = state.kind === 'here' ? state.url : await load()
    if (url !== undefined) saveAs(url, safeName(attachment))
  }
  return <Tool icon="download" label="Save" press={() => void save()} />
}

function Image({ attachment }: { attachment: Attachment }) {
  const { state } = useFile(attachment, true)
  if (state.kind === 'here')
    return (
      <img
        className={styles.picture}
        src={state.url}
        alt={safeName(attachment)}
        draggable={false}
      />
    )
  if (attachment.preview === undefined) return null
  return <img className={styles.blur} src={attachment.preview} alt="" />
}

function Picture(props: Props & { picture: ChatPicture }) {
  const { picture, position, onPrevious, onNext, onClose } = props
  const { id, attachment } = picture
  const now = useNow()
  const gestures = usePictureGestures(id, (by) => (by > 0 ? onNext : onPrevious)?.())
  const { scale, scaleTo } = gestures
  const step = (direction: 1 | -1): Press => {
    const to = stepFrom(scale, direction)
    return to === undefined ? undefined : () => scaleTo(to)
  }
  return (
    <>
      <div className={styles.bar}>
        <span className={styles.words}>
          <span className={styles.name}>
            <FileName name={safeName(attachment)} />
          </span>
          <span className={styles.sent}>
            <bdi>{picture.sender}</bdi>,{' '}
            <time dateTime={new Date(picture.at).toISOString()} title={fullText(picture.at)}>
              {whenText(picture.at, now)}
            </time>
          </span>
        </span>
        <span className={styles.count} aria-live="polite">
          {position}
        </span>
        <Tool icon="zoomOut" label="Smaller" press={step(-1)} />
        <Tool icon="zoomIn" label="Larger" press={step(1)} />
        <SaveTool key={id} attachment={attachment} />
        <Tool icon="close" label="Close" press={onClose} />
      </div>
      <div
        ref={gestures.stage}
        className={styles.stage}
        data-close={scale > 1 ? '' : undefined}
        {...gestures.handlers}
      >
        <div
          className={styles.sheet}
          data-moving={gestures.moving ? '' : undefined}
          style={{ transform: gestures.transform }}
        >
          <Image key={id} attachment={attachment} />
        </div>
      </div>
      {(onPrevious !== undefined || onNext !== undefined) && (
        <div className={styles.sides}>
          <Tool icon="back" label="Previous picture" press={onPrevious} />
          <Tool icon="next" label="Next picture" press={onNext} />
        </div>
      )}
    </>
  )
}
