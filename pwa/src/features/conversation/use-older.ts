import { useCallback, useRef, useState } from 'react'

export type Older = 'idle' | 'loading' | 'failed'

/** Loads older pages, one request at a time. After a failure only a press tries again. */
export const useOlder = (onLoadOlder: () => Promise<void>, hasOlder: boolean) => {
  const [state, setState] = useState<Older>('idle')
  const now = useRef<Older>('idle')
  const set = useCallback((next: Older) => {
    now.current = next
    setState(next)
  }, [])
  const load = useCallback(() => {
    if (now.current === 'loading' || !hasOlder) return
    set('loading')
    onLoadOlder().then(
      () => set('idle'),
      () => set('failed'),
    )
  }, [onLoadOlder, hasOlder, set])
  /** Because the view came near the start, not because someone asked. */
  const loadWhenNear = useCallback(() => {
    if (now.current === 'idle') load()
  }, [load])
  return { older: state, load, loadWhenNear }
}
