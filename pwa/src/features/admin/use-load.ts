import { useCallback, useEffect, useRef, useState } from 'react'
import type { Answer, Problem } from './admin-api.ts'

export type Load<T> =
  /** `value` is what was there before, of the same question. */
  | { readonly phase: 'loading'; readonly value: T | null }
  | { readonly phase: 'here'; readonly value: T }
  | { readonly phase: 'failed'; readonly problem: Problem; readonly value: T | null }

/**
 * Asks the server for what is shown; an answer to a question of before is dropped.
 *
 * @param key another one is another question, of which nothing is there yet
 */
export const useLoad = <T>(
  key: string,
  load: () => Promise<Answer<T>>,
): [Load<T>, () => Promise<void>, (value: T) => void] => {
  const [state, setState] = useState<{ key: string; load: Load<T> }>({
    key,
    load: { phase: 'loading', value: null },
  })
  const asked = useRef(0)
  const ask = useRef(load)
  ask.current = load

  const reload = useCallback(async () => {
    const turn = ++asked.current
    setState((now) => ({
      key,
      load: { phase: 'loading', value: now.key === key ? now.load.value : null },
    }))
    const answer = await ask.current()
    if (turn !== asked.current) return
    setState((now) => ({
      key,
      load: answer.ok
        ? { phase: 'here', value: answer.value }
        : { phase: 'failed', problem: answer.problem, value: now.load.value },
    }))
  }, [key])

  useEffect(() => {
    void reload()
    return () => {
      asked.current++
    }
  }, [reload])

  // What was just changed is known without asking again.
  const put = useCallback(
    (value: T) => {
      asked.current++
      setState({ key, load: { phase: 'here', value } })
    },
    [key],
  )
  return [state.key === key ? state.load : { phase: 'loading', value: null }, reload, put]
}
