/**
 * Times as people say them. All in the device's time zone; `now` is a parameter so that the same
 * input always gives the same text.
 */
import type { BirthDate } from '@wardline/core/chat/birth-date'

const DAY = 86_400_000

/** English words around dates need an English locale; of those the device's own. */
const locale = (): string => {
  const own = globalThis.navigator?.language ?? 'en-GB'
  return own.startsWith('en') ? own : 'en-GB'
}

/**
 * A formatter keeps the time zone that it was made in, and a device goes to another. So these know
 * of none, and are given the time as clocks on the wall show it, by the zone of now.
 */
const cache = new Map<string, Intl.DateTimeFormat>()
const format = (at: number, options: Intl.DateTimeFormatOptions): string => {
  const name = `${locale()} ${JSON.stringify(options)}`
  let made = cache.get(name)
  if (made === undefined) {
    made = new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' })
    cache.set(name, made)
  }
  return made.format(at - new Date(at).getTimezoneOffset() * 60_000)
}

/** First millisecond of the day of `at`. */
export const dayOf = (at: number): number => new Date(at).setHours(0, 0, 0, 0)

/** Whole days between the days of two times; daylight saving does not matter. */
const daysBetween = (from: number, to: number): number =>
  Math.round((dayOf(to) - dayOf(from)) / DAY)

const dateText = (at: number, now: number, month: 'long' | 'short'): string => {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return format(at, { day: 'numeric', month, ...(sameYear ? {} : { year: 'numeric' }) })
}

/** "10:05" or "10:05 AM", as the device's region writes it. */
export const clockText = (at: number): string =>
  format(at, { hour: 'numeric', minute: '2-digit' }).replace(/\s/gu, '\u00a0')

/** The label of a day: Today, Yesterday, Monday, 3 November, 3 November 2024. */
export const dayText = (at: number, now: number): string => {
  const days = daysBetween(at, now)
  if (days === 0) return 'Today'
  if (days === 1) return 'Yesterday'
  if (days > 1 && days < 7) return format(at, { weekday: 'long' })
  return dateText(at, now, 'long')
}

/** The time beside a chat in a list: 10:05, Yesterday, Mon, 3 Nov. */
export const stampText = (at: number, now: number): string => {
  const days = daysBetween(at, now)
  if (days <= 0) return clockText(at)
  if (days === 1) return 'Yesterday'
  if (days < 7) return format(at, { weekday: 'short' })
  return dateText(at, now, 'short')
}

/** A moment, for a line of its own: 10:05, Yesterday 10:05, Mon 10:05, 3 Nov 10:05. */
export const whenText = (at: number, now: number): string => {
  const stamp = stampText(at, now)
  const clock = clockText(at)
  return stamp === clock ? clock : `${stamp} ${clock}`
}

/** "Last seen just now", "Last seen today at 10:05", "Last seen 3 November". */
export const lastSeenText = (at: number, now: number): string => {
  if (now - at < 60_000) return 'Last seen just now'
  const days = daysBetween(at, now)
  if (days <= 0) return `Last seen today at ${clockText(at)}`
  if (days === 1) return `Last seen yesterday at ${clockText(at)}`
  if (days < 7) return `Last seen ${format(at, { weekday: 'long' })} at ${clockText(at)}`
  return `Last seen ${dateText(at, now, 'long')}`
}

/** A moment that has to be exact, in few words: "30 Nov 2026, 16:43". */
export const momentText = (at: number): string =>
  format(at, { dateStyle: 'medium', timeStyle: 'short' })

/** Date and time in full, for a tooltip. */
export const fullText = (at: number): string =>
  format(at, { dateStyle: 'full', timeStyle: 'short' })

/**
 * "2 May 1984 (42)", with the age in whole years. The month is in letters: figures alone are read
 * in another order elsewhere. The age is left out in the first year, where it says nothing.
 */
export const birthText = (date: BirthDate, now: number): string => {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  // Noon, because not every day has a midnight everywhere.
  const text = format(new Date(year, month - 1, day, 12).getTime(), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
  const today = new Date(now)
  const isBefore = today < new Date(today.getFullYear(), month - 1, day)
  const age = today.getFullYear() - year - (isBefore ? 1 : 0)
  return age > 0 ? `${text} (${age})` : text
}
