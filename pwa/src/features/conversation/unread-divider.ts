/**
 * The "N unread" divider belongs to the moment of opening: what arrives later goes below it, and
 * reading does not remove it.
 */
import type { TimelineItem } from '@wardline/core/client/views'

export interface UnreadAtOpening {
  count: number
  /** The newest item at that moment; what comes after it never counts. */
  newest: string
}

export const unreadAtOpening = (
  items: readonly TimelineItem[],
  unread: number,
): UnreadAtOpening | null => {
  const newest = items.at(-1)
  return newest === undefined || unread <= 0 ? null : { count: unread, newest: newest.key }
}

/** Key of the first unread item; null while it lies in a page that is not loaded. */
export const dividerKey = (
  items: readonly TimelineItem[],
  opening: UnreadAtOpening,
): string | null => {
  let left = opening.count
  let counting = false
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index]
    if (item === undefined) continue
    counting ||= item.key === opening.newest
    if (!counting || item.type !== 'message' || item.mine || item.retracted) continue
    left -= 1
    if (left === 0) return item.key
  }
  return null
}
