import type { MessageView } from '@wardline/core/client/model/views'
import { type PointerEvent, useCallback, useContext, useEffect, useRef, useState } from 'react'
import { isTouch } from '../../base/platform.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { writeProblem } from '../../ui/write-problem.ts'
import { FilePortContext } from './file-port.ts'
import { durationText } from './kinds.ts'
import { useRecorder } from './use-recorder.ts'
import styles from './voice-button.module.css'
import { voiceNote } from './voice-note.ts'

interface Props {
  replyTo: MessageView['key'] | undefined
  onSent: () => void
}

/** A press held longer than this, ms, records while it is held. */
const HELD = 350
/** A slide this far, px, towards the start cancels. */
const SLIDE = 90

/** The microphone: a tap starts and another button sends; held, letting go sends. */
export function VoiceButton({ replyTo, onSent }: Props) {
  const port = useContext(FilePortContext)
  const done = useCallback(
    async (recorded: Blob, ms: number) => {
      if (port === null) return
      const outcome = await port.send('', [await voiceNote(recorded, ms)], replyTo)
      if (outcome.kind !== 'stored') throw new Error(writeProblem(outcome, 'recording'))
      onSent()
    },
    [port, replyTo, onSent],
  )
  const { state, start, send, cancel } = useRecorder(done)
  const press = useRef<{ at: number; x: number } | null>(null)
  const active = state.kind !== 'idle'

  useEffect(() => {
    if (!active) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      event.stopPropagation()
      cancel()
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [active, cancel])

  if (port === null || typeof MediaRecorder === 'undefined') return null
  const onDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    press.current = { at: event.timeStamp, x: event.clientX }
    void start()
  }
  const onMove = (event: PointerEvent) => {
    if (press.current === null) return
    const rtl = getComputedStyle(event.currentTarget).direction === 'rtl'
    const slid = (press.current.x - event.clientX) * (rtl ? -1 : 1)
    if (slid < SLIDE) return
    press.current = null
    cancel()
  }
  const onUp = (event: PointerEvent) => {
    const held = press.current !== null && event.timeStamp - press.current.at > HELD
    press.current = null
    if (held) send()
  }
  return (
    <>
      <button
        type="button"
        className={styles.mic}
        aria-label="Record a voice note"
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={() => {
          press.current = null
          cancel()
        }}
        // By keyboard and screen reader; a pointer has started it already.
        onClick={(event) => event.detail === 0 && void start()}
        onContextMenu={(event) => event.preventDefault()}
      >
        <Icon name="mic" size={23} />
      </button>
      {active && (
        <fieldset className={styles.bar} aria-label="Voice note">
          {state.kind === 'refused' ? (
            <>
              <span role="alert" className={styles.refused}>
                {state.reason}
              </span>
              <Button look="text" onClick={cancel}>
                Close
              </Button>
            </>
          ) : (
            <>
              <Button look="icon" aria-label="Discard the voice note" onClick={cancel}>
                <Icon name="trash" size={22} />
              </Button>
              <span className={styles.dot} data-on={state.kind === 'recording' ? '' : undefined} />
              <Clock since={state.kind === 'recording' ? state.since : null} />
              <span className={styles.hint}>{isTouch() ? 'Slide to cancel' : 'Esc to cancel'}</span>
              <button
                type="button"
                className={styles.send}
                aria-label="Send the voice note"
                aria-busy={state.kind === 'saving'}
                disabled={state.kind !== 'recording'}
                onClick={send}
              >
                <Icon name="send" size={23} />
              </button>
            </>
          )}
        </fieldset>
      )}
    </>
  )
}

function Clock({ since }: { since: number | null }) {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    if (since === null) return
    const timer = setInterval(() => setNow(performance.now()), 250)
    return () => clearInterval(timer)
  }, [since])
  return (
    <span role="timer" className={styles.clock}>
      {durationText(since === null ? 0 : Math.max(0, now - since))}
    </span>
  )
}
