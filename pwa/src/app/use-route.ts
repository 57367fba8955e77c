import type { ChatId } from '@wardline/core/base/ids'
import { useCallback, useSyncExternalStore } from 'react'
import { chatHash, chatOfHash, navigation } from '../base/route.ts'

const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  window.addEventListener('hashchange', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
    window.removeEventListener('hashchange', listener)
  }
}
const current = (): ChatId | null => chatOfHash(location.hash)
const listBelow = (): boolean =>
  (history.state as { listBelow?: boolean } | null)?.listBelow === true

const go = (to: ChatId | null): void => {
  const below = listBelow()
  const url = to === null ? location.pathname + location.search : chatHash(to)
  switch (navigation(current(), to, below)) {
    case 'stay':
      return
    case 'back':
      history.back()
      return
    case 'push':
      history.pushState({ listBelow: true }, '', url)
      break
    case 'replace':
      history.replaceState({ listBelow: below }, '', url)
      break
  }
  for (const listener of listeners) listener()
}

/** The chat in the address bar, and how to go to another or, with null, to the list. */
export const useRoute = (): [ChatId | null, (to: ChatId | null) => void] => [
  useSyncExternalStore(subscribe, current),
  useCallback(go, []),
]
