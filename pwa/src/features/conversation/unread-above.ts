/** What is unread above the view, and so stays unseen while a person reads on at the end. */
import type { TimelineItem, UnreadBefore } from '@wardline/core/client/model/views'
import { whenText } from '../../ui/time-text.ts'

/** `arrivedAt`: when the first of them arrived, ms, if all of them came late; else null. */
export type UnreadAbove = UnreadBefore

/** `top`: index of the first item in view. */
export const unreadAbove = (
  items: readonly TimelineItem[],
  top: number,
  before: UnreadBefore | null,
): UnreadAbove | null => {
  let count = before?.count ?? 0
  let first = before?.first
  let late = before === null || before.arrivedAt !== null
  let arrivedAt = before?.arrivedAt ?? null
  for (const item of items.slice(0, Math.max(0, top))) {
    if (item.type !== 'message' || !item.unread) continue
    count += 1
    late &&= item.arrivedAt !== null
    if (first === undefined) arrivedAt = item.arrivedAt
    first ??= item.key
  }
  return first === undefined ? null : { count, first, arrivedAt: late ? arrivedAt : null }
}

export const unreadAboveText = ({ count, arrivedAt }: UnreadAbove, now: number): string =>
  arrivedAt === null ? `${count} unread` : `${count} arrived late, ${whenText(arrivedAt, now)}`
