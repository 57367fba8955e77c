import type { Attachment } from '@wardline/core/chat/attachment'
import { useEffect, useRef, useState } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { damagedText } from './damaged-text.ts'
import { durationText, safeName, sizeText } from './kinds.ts'
import styles from './message-files.module.css'
import { ProgressRing } from './progress-ring.tsx'
import type { Upload } from './upload-of.ts'
import { type FileState, saveAs, useFile } from './use-file.ts'
import { usePlayable } from './use-playable.ts'

const labelOf = ({ kind }: FileState): string => {
  if (kind === 'damaged') return damagedText
  return kind === 'gone' ? 'No longer available' : 'Get the recording'
}

interface Props {
  attachment: Attachment
  upload: Upload
  onCancel: (() => void) | undefined
}

/** Recordings up to this size come by themselves, so that they play without a network, bytes. */
const BY_ITSELF = 3_000_000
/** The one that plays: another one stops it. */
let playing: HTMLAudioElement | null = null

export function AudioPlayer({ attachment, upload, onCancel }: Props) {
  const { state, load } = useFile(attachment, attachment.size <= BY_ITSELF)
  const audio = useRef<HTMLAudioElement>(null)
  const [plays, setPlays] = useState(false)
  const [at, setAt] = useState(0)
  const [length, setLength] = useState((attachment.duration ?? 0) / 1_000)
  const stored = state.kind === 'here' ? state.url : undefined
  const { url, unplayable, onUnplayable } = usePlayable(attachment, stored)
  useEffect(() => {
    const element = audio.current
    return () => element?.pause()
  }, [])

  const toggle = () => {
    const element = audio.current
    if (element === null) return
    if (!element.paused) return element.pause()
    if (playing !== null && playing !== element) playing.pause()
    playing = element
    void element.play().catch(() => setPlays(false))
  }
  const busy = upload.kind === 'uploading' || upload.kind === 'waiting'
  return (
    <div className={styles.row}>
      {/* biome-ignore lint/a11y/useMediaCaption: what people record has no captions. */}
      <audio
        ref={audio}
        src={url}
        preload="metadata"
        onPlay={() => setPlays(true)}
        onPause={() => setPlays(false)}
        onEnded={() => setAt(0)}
        onError={onUnplayable}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onLoadedMetadata={({ currentTarget: { duration } }) => {
          if (Number.isFinite(duration)) setLength(duration)
        }}
      />
      {busy ? (
        <ProgressRing
          share={upload.kind === 'uploading' ? upload.share : 0}
          label={`Cancel sending ${safeName(attachment)}`}
          icon="close"
          onPress={onCancel}
        />
      ) : unplayable && stored !== undefined ? (
        <button
          type="button"
          className={styles.fileMark}
          aria-label="Save the recording"
          onClick={() => saveAs(stored, safeName(attachment))}
        >
          <Icon name="download" size={24} />
        </button>
      ) : url !== undefined ? (
        <button
          type="button"
          className={styles.fileMark}
          aria-label={plays ? 'Pause' : 'Play'}
          onClick={toggle}
        >
          <Icon name={plays ? 'pause' : 'play'} size={24} />
        </button>
      ) : (
        <ProgressRing
          share={state.kind === 'downloading' ? state.received / attachment.size : null}
          label={labelOf(state)}
          icon="download"
          onPress={state.kind === 'gone' ? undefined : () => void load()}
        />
      )}
      <span className={styles.about}>
        <input
          type="range"
          className={styles.seek}
          aria-label="Position"
          aria-valuetext={`${durationText(at * 1_000)} of ${durationText(length * 1_000)}`}
          min={0}
          max={Math.max(length, 0.1)}
          step={0.1}
          value={Math.min(at, length)}
          disabled={url === undefined}
          onChange={(event) => {
            const to = Number(event.target.value)
            if (audio.current !== null) audio.current.currentTime = to
            setAt(to)
          }}
        />
        {unplayable && (
          <span className={styles.detail}>This browser cannot play it. It can be saved.</span>
        )}
        <span className={styles.detail}>
          {durationText((plays || at > 0 ? at : length) * 1_000)} · {sizeText(attachment.size)}
        </span>
      </span>
    </div>
  )
}
