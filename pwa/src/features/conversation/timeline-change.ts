/**
 * How a timeline changed. The virtual list measures by position, so what comes before the old
 * items and what comes after them must reach it as two steps.
 */
import type { TimelineItem } from '@wardline/core/client/model/views'

type Items = readonly TimelineItem[]

export type TimelineChange =
  | { kind: 'same' }
  /** The old items are unchanged in order, with so many new ones before and after them. */
  | { kind: 'grown'; before: number; after: number }
  /** Something came or went in between. */
  | { kind: 'mixed' }

export const timelineChange = (from: Items, to: Items): TimelineChange => {
  if (from === to) return { kind: 'same' }
  const first = from[0]
  if (first === undefined) return { kind: 'grown', before: 0, after: to.length }
  const before = to.findIndex((item) => item.key === first.key)
  const after = to.length - before - from.length
  if (before < 0 || after < 0) return { kind: 'mixed' }
  for (let index = 0; index < from.length; index++)
    if (from[index]?.key !== to[before + index]?.key) return { kind: 'mixed' }
  return before === 0 && after === 0 ? { kind: 'same' } : { kind: 'grown', before, after }
}

/** The next step on the way: the target itself, unless it grew at both ends. */
export const nextStep = (from: Items, to: Items): Items => {
  const change = timelineChange(from, to)
  return change.kind === 'grown' && change.before > 0 && change.after > 0
    ? to.slice(0, to.length - change.after)
    : to
}

/** Messages of others after an item. */
export const incomingAfter = (items: Items, key: string | null): number => {
  let count = 0
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index]
    if (item === undefined || item.key === key) break
    if (item.type === 'message' && !item.mine && !item.retracted) count += 1
  }
  return count
}
