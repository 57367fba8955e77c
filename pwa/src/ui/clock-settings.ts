/** What the texts of times depend on besides the time, and when it changes: people travel. */
import { useSyncExternalStore } from 'react'

/** How often is looked, ms. Browsers do not tell of a new time zone. */
const EVERY = 60_000

const read = (): string => {
  const { timeZone, hourCycle } = new Intl.DateTimeFormat(undefined, {
    hour: 'numeric',
  }).resolvedOptions()
  return [globalThis.navigator?.language, timeZone, hourCycle].join(' ')
}

let known = read()
let stop: (() => void) | undefined
const listeners = new Set<() => void>()

const look = (): void => {
  const now = read()
  if (now === known) return
  known = now
  for (const listener of listeners) listener()
}

const watch = (): (() => void) => {
  const timer = setInterval(look, EVERY)
  document.addEventListener('visibilitychange', look)
  window.addEventListener('focus', look)
  window.addEventListener('languagechange', look)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', look)
    window.removeEventListener('focus', look)
    window.removeEventListener('languagechange', look)
  }
}

const subscribe = (listener: () => void): (() => void) => {
  stop ??= watch()
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    stop?.()
    stop = undefined
  }
}

/** Draws a component anew that shows times when their zone or their language changed. */
export const useClockSettings = (): string => useSyncExternalStore(subscribe, () => known)
