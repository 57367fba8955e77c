/**
 * The day somebody was born, as their clinic has it: a day of the calendar, without time or zone.
 * Beside a name it is the second thing that tells two patients apart.
 */
declare const brand: unique symbol
/** `yyyy-mm-dd`, a day that there is, from 1900 on. */
export type BirthDate = string & { readonly [brand]: 'BirthDate' }

/** Nobody alive was born before, so that a slip in the century is one. */
const pattern = /^(19|[2-9]\d)\d\d-\d\d-\d\d$/

/** Whether it has been is for those to check who take it down: a reader's clock may be wrong. */
export const parseBirthDate = (value: unknown): BirthDate | undefined => {
  if (typeof value !== 'string' || !pattern.test(value)) return undefined
  const at = Date.parse(`${value}T00:00:00Z`)
  // Some engines take the 30th of February for the 1st of March.
  const isDay = !Number.isNaN(at) && new Date(at).toISOString().startsWith(value)
  return isDay ? (value as BirthDate) : undefined
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** "2 May 1984": the month in letters, for figures alone are read in another order elsewhere. */
export const birthDateText = (date: BirthDate): string => {
  const [year, month, day] = date.split('-').map(Number)
  return `${day} ${months[(month ?? 1) - 1]} ${year}`
}

/** Furthest east, in ms, that a clock is ahead of UTC. */
const FURTHEST_EAST = 14 * 3_600_000

/** Whether the day has begun anywhere on earth at `now`, ms. */
export const hasBegun = (date: BirthDate, now: number): boolean =>
  date <= new Date(now + FURTHEST_EAST).toISOString().slice(0, 10)
