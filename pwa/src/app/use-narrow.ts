import { useSyncExternalStore } from 'react'

/** As in the style sheets: one pane at a time. */
const query = window.matchMedia('(max-width: 719px)')

const subscribe = (listener: () => void): (() => void) => {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** Whether there is room for one pane only. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => query.matches)
