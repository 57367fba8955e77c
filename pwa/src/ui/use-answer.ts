import { useEffect, useRef, useState } from 'react'
import { useSteady } from './use-steady.ts'

/** A question is asked when it has stood for this long (ms): people type on. */
const SOON = 40
/** It is asked again this long after something changed (ms). */
const AGAIN = 250

export interface Answer<T> {
  /** The newest one, which may still be that to the question before. */
  value: T | null
  /** Whether it answers the question that stands. */
  current: boolean
}

/**
 * Asks a question, and again whenever `world` changes. Keep `ask` the same while the question is;
 * null asks nothing. What fails leaves the answer as it is.
 */
export const useAnswer = <T>(ask: (() => Promise<T>) | null, world: unknown): Answer<T> => {
  const [answer, setAnswer] = useState<{ ask: () => Promise<T>; value: T } | null>(null)
  const asked = useRef<typeof ask>(null)
  const answered = useRef(0)
  const asking = useRef(0)

  useEffect(() => {
    if (ask === null) {
      asked.current = null
      setAnswer(null)
      return
    }
    const timer = setTimeout(
      () => {
        asked.current = ask
        const number = ++asking.current
        ask().then(
          (value) => {
            if (asked.current !== ask || number < answered.current) return
            answered.current = number
            setAnswer({ ask, value })
          },
          () => {},
        )
      },
      asked.current === ask ? AGAIN : SOON,
    )
    return () => clearTimeout(timer)
  }, [ask, world])

  // What is found must not move from under a finger.
  const steady = useSteady(answer)
  if (ask === null || steady === null) return { value: null, current: false }
  return { value: steady.value, current: steady.ask === ask }
}
