import type { Attachment } from '@wardline/core/chat/attachment'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { safeName } from './kinds.ts'
import { saveAs, useFile } from './use-file.ts'
import styles from './viewer.module.css'

interface Props {
  images: readonly Attachment[]
  /** Which one; null: closed. */
  at: number | null
  onMove: (at: number) => void
  onClose: () => void
}

const zooms = [1, 1.5, 2, 3, 4] as const

/** Pictures over the whole screen. Stays mounted, so that the focus returns when it closes. */
export function Viewer({ images, at, onMove, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const shown = at === null ? undefined : images[at]
  const open = shown !== undefined
  useLayoutEffect(() => {
    const element = dialog.current
    if (element === null || element.open === open) return
    if (open) element.showModal()
    else element.close()
  }, [open])
  const move = (by: number) => {
    if (at !== null && images[at + by] !== undefined) onMove(at + by)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.key === 'ArrowLeft') move(-1)
    else if (event.key === 'ArrowRight') move(1)
  }
  return (
    <dialog
      ref={dialog}
      className={styles.viewer}
      aria-label="Picture"
      onClose={() => open && onClose()}
      onKeyDown={onKeyDown}
      // What happens in here is none of the message's business.
      onPointerDown={(event) => event.stopPropagation()}
      onContextMenu={(event) => event.stopPropagation()}
    >
      {shown !== undefined && at !== null && (
        <Picture
          key={shown.hash}
          attachment={shown}
          count={images.length > 1 ? `${at + 1} of ${images.length}` : ''}
          onPrevious={at > 0 ? () => move(-1) : undefined}
          onNext={at < images.length - 1 ? () => move(1) : undefined}
          onClose={onClose}
        />
      )}
    </dialog>
  )
}

interface PictureProps {
  attachment: Attachment
  count: string
  onPrevious: (() => void) | undefined
  onNext: (() => void) | undefined
  onClose: () => void
}

function Picture({ attachment, count, onPrevious, onNext, onClose }: PictureProps) {
  const { state, load } = useFile(attachment, true)
  const [zoom, setZoom] = useState(0)
  const stage = useRef<HTMLDivElement>(null)
  const name = safeName(attachment)
  const scale = zooms[zoom] ?? 1
  // From the middle: a larger picture scrolls.
  useEffect(() => {
    const element = stage.current
    if (element === null || scale === 1) return
    element.scrollLeft = (element.scrollWidth - element.clientWidth) / 2
    element.scrollTop = (element.scrollHeight - element.clientHeight) / 2
  }, [scale])
  const save = async () => {
    const url = state.kind === 'here' ? state.url : await load()
    if (url !== undefined) saveAs(url, name)
  }
  const tool = (icon: IconName, label: string, press: (() => void) | undefined) => (
    <button
      type="button"
      className={styles.tool}
      aria-label={label}
      disabled={press === undefined}
      onClick={press}
    >
      <Icon name={icon} size={22} />
    </button>
  )
  return (
    <>
      <div className={styles.bar}>
        <span className={styles.name} dir="auto">
          {name}
        </span>
        <span className={styles.count}>{count}</span>
        {tool('zoomOut', 'Smaller', zoom > 0 ? () => setZoom(zoom - 1) : undefined)}
        {tool('zoomIn', 'Larger', zoom < zooms.length - 1 ? () => setZoom(zoom + 1) : undefined)}
        {tool('download', 'Save', () => void save())}
        {tool('close', 'Close', onClose)}
      </div>
      <div ref={stage} className={styles.stage}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons do the same. */}
        <div
          className={styles.sheet}
          style={{ inlineSize: `${scale * 100}%`, blockSize: `${scale * 100}%` }}
          onDoubleClick={() => setZoom(zoom === 0 ? 2 : 0)}
        >
          {state.kind === 'here' ? (
            <img className={styles.picture} src={state.url} alt={name} draggable={false} />
          ) : (
            attachment.preview !== undefined && (
              <img className={styles.blur} src={attachment.preview} alt="" />
            )
          )}
        </div>
      </div>
      {(onPrevious !== undefined || onNext !== undefined) && (
        <div className={styles.sides}>
          {tool('back', 'Previous picture', onPrevious)}
          {tool('next', 'Next picture', onNext)}
        </div>
      )}
    </>
  )
}
