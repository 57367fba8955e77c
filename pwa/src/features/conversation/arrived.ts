/** What has come into a timeline, wherever it sorts. */
import type { TimelineItem } from '@wardline/core/client/model/views'

type Items = readonly TimelineItem[]

/** A key begins with the month of its message, in which a timeline is loaded. */
export const monthIn = (key: string): string => key.slice(0, 7)

/**
 * Messages of others that were not there before. Those of months before the first one that was
 * loaded are history, which somebody asked for.
 */
export const arrivedIn = (before: Items, items: Items): readonly TimelineItem[] => {
  // What is on its way has no month yet.
  const oldest = before.find(({ type, key }) => type === 'message' && /^\d/.test(key))
  if (oldest === undefined || before === items) return []
  const known = new Set(before.map(({ key }) => key))
  return items.filter(
    (item) =>
      item.type === 'message' &&
      !item.mine &&
      !known.has(item.key) &&
      monthIn(item.key) >= monthIn(oldest.key),
  )
}
