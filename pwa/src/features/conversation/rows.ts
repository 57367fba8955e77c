/** A timeline as rows: one per item, with what is drawn above it and how it joins its neighbours. */
import type { TimelineItem } from '@wardline/core/client/model/views'
import { dayOf } from '../../ui/time-text.ts'

/** Messages of one sender closer than this belong together (ms). */
const GROUP_WITHIN = 5 * 60_000

export interface TimelineRow {
  item: TimelineItem
  /** First millisecond of its day. */
  day: number
  /** It is the first of its day: a day pill stands above it. */
  opensDay: boolean
  /** The number of the "N unread" divider that stands above it, if one does. */
  divider: number | null
  /** It continues the group of the message before it, or is continued by the one after it. */
  joinsPrevious: boolean
  joinsNext: boolean
}

const together = (a: TimelineItem | undefined, b: TimelineItem | undefined): boolean =>
  a?.type === 'message' &&
  b?.type === 'message' &&
  a.author === b.author &&
  Math.abs(b.at - a.at) < GROUP_WITHIN &&
  dayOf(a.at) === dayOf(b.at)

export const buildRows = (
  items: readonly TimelineItem[],
  dividers: ReadonlyMap<string, number>,
): readonly TimelineRow[] => {
  let previousDay: number | null = null
  let joinsPrevious = false
  return items.map((item, index) => {
    const day = dayOf(item.at)
    const next = items[index + 1]
    const joinsNext = next !== undefined && !dividers.has(next.key) && together(item, next)
    const row: TimelineRow = {
      item,
      day,
      opensDay: day !== previousDay,
      divider: dividers.get(item.key) ?? null,
      joinsPrevious,
      joinsNext,
    }
    previousDay = day
    joinsPrevious = joinsNext
    return row
  })
}
