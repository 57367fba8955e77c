/** What the texts of times depend on besides the time, and when it changes: people travel. */
import { useSyncExternalStore } from 'react'
import { whenIdle } from '../base/when-idle.ts'

/** How often is looked, ms. Browsers do not tell of a new time zone. */
const EVERY = 60_000

const read = (): string => {
  const { timeZone, hourCycle } = new Intl.DateTimeFormat(undefined, {
    hour: 'numeric',
  }).resolvedOptions()
  return [globalThis.navigator?.language, timeZone, hourCycle].join(' ')
}

/** Undefined until it is first looked, which costs a phone more than all else of the first screen. */
let known: string | undefined
/** How often they changed. */
let changes = 0
let stop: (() => void) | undefined
const listeners = new Set<() => void>()

const look = (): void => {
  const before = known
  known = read()
  if (before === undefined || before === known) return
  changes++
  for (const listener of listeners) listener()
}

const watch = (): (() => void) => {
  const leave = whenIdle(look)
  const timer = setInterval(look, EVERY)
  document.addEventListener('visibilitychange', look)
  window.addEventListener('focus', look)
  window.addEventListener('languagechange', look)
  return () => {
    leave()
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
export const useClockSettings = (): number => useSyncExternalStore(subscribe, () => changes)
