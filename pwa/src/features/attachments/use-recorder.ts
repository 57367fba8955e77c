import { useCallback, useEffect, useRef, useState } from 'react'
import { voiceFormat } from './voice-format.ts'
import { LONGEST_NOTE } from './voice-note.ts'

export type RecorderState =
  | { kind: 'idle' }
  /** The browser asks whether it may. */
  | { kind: 'asking' }
  | { kind: 'recording'; since: number }
  | { kind: 'saving' }
  | { kind: 'refused'; reason: string }

interface Running {
  recorder: MediaRecorder
  parts: Blob[]
  since: number
  keep: boolean
}

const refusal = (error: unknown): string =>
  error instanceof DOMException && error.name === 'NotAllowedError'
    ? 'This browser does not let Wardline use the microphone.'
    : 'There is no microphone that can be used.'

/** Records until `stop`. `done` gets what was recorded, and its length in ms. */
export const useRecorder = (done: (recorded: Blob, ms: number) => Promise<void>) => {
  const [state, setState] = useState<RecorderState>({ kind: 'idle' })
  const running = useRef<Running | null>(null)
  /** Whether to go on once the browser has been asked. */
  const wanted = useRef(false)
  const finish = useRef(done)
  useEffect(() => {
    finish.current = done
  }, [done])

  const start = useCallback(async () => {
    if (wanted.current) return
    wanted.current = true
    setState({ kind: 'asking' })
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } })
      const release = () => {
        for (const track of stream.getTracks()) track.stop()
      }
      if (!wanted.current) return release()
      const recorder = new MediaRecorder(stream, voiceFormat())
      const run: Running = { recorder, parts: [], since: performance.now(), keep: false }
      recorder.addEventListener('dataavailable', ({ data }) => run.parts.push(data))
      recorder.addEventListener('stop', () => {
        release()
        running.current = null
        wanted.current = false
        if (!run.keep) return setState({ kind: 'idle' })
        setState({ kind: 'saving' })
        const recorded = new Blob(run.parts, { type: recorder.mimeType })
        finish.current(recorded, performance.now() - run.since).then(
          () => setState({ kind: 'idle' }),
          () => setState({ kind: 'refused', reason: 'The recording could not be saved.' }),
        )
      })
      running.current = run
      recorder.start()
      setState({ kind: 'recording', since: run.since })
    } catch (error) {
      wanted.current = false
      setState({ kind: 'refused', reason: refusal(error) })
    }
  }, [])

  const end = useCallback((keep: boolean) => {
    wanted.current = false
    const run = running.current
    if (run === null) return setState({ kind: 'idle' })
    run.keep = keep
    if (run.recorder.state !== 'inactive') run.recorder.stop()
  }, [])

  useEffect(() => {
    if (state.kind !== 'recording') return
    const timer = setTimeout(() => end(true), LONGEST_NOTE)
    return () => clearTimeout(timer)
  }, [state, end])
  useEffect(() => () => end(false), [end])

  return { state, start, send: () => end(true), cancel: () => end(false) }
}
