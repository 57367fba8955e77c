/**
 * The "N unread" dividers belong to the moment of opening: what arrives later goes without, and
 * reading does not remove them. Unread messages can lie in several places, because what was written
 * long ago may have arrived just now; each place has a divider of its own.
 */
import type { TimelineItem } from '@wardline/core/client/model/views'

type Items = readonly TimelineItem[]

export interface UnreadAtOpening {
  keys: ReadonlySet<string>
  /** The first item by now; what comes before it has been loaded since. */
  first: string | undefined
}

const isUnread = (item: TimelineItem): boolean => item.type === 'message' && item.unread

const unreadKeys = (items: Items): string[] => items.filter(isUnread).map(({ key }) => key)

export const unreadAtOpening = (items: Items): UnreadAtOpening => ({
  keys: new Set(unreadKeys(items)),
  first: items[0]?.key,
})

/** The same with what was unread in months that have been loaded since. */
export const withOlder = (opening: UnreadAtOpening, items: Items): UnreadAtOpening => {
  const before = items.findIndex(({ key }) => key === opening.first)
  if (before <= 0) return opening
  const keys = new Set([...opening.keys, ...unreadKeys(items.slice(0, before))])
  return { keys, first: items[0]?.key }
}

/**
 * Above which items a divider stands, and how many unread ones follow it. Any message that was not
 * unread ends a place: who wrote one had been there.
 */
export const dividers = (items: Items, { keys }: UnreadAtOpening): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  let at: string | null = null
  for (const item of items) {
    if (keys.has(item.key)) {
      at ??= item.key
      counts.set(at, (counts.get(at) ?? 0) + 1)
    } else if (item.type === 'message' && !item.retracted) at = null
  }
  return counts
}
