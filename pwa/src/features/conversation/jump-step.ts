import type { TimelineItem } from '@wardline/core/client/views'

/** What brings the timeline closer to a message. */
export type JumpStep =
  | { kind: 'scroll'; index: number }
  /** It is older than what is loaded. */
  | { kind: 'load' }
  /** It is not on this device. */
  | { kind: 'missing' }

/** A key begins with the month of its message, in which a timeline is loaded. */
const monthIn = (key: string): string => key.slice(0, 7)

export const jumpStep = (
  items: readonly TimelineItem[],
  key: string,
  hasOlder: boolean,
): JumpStep => {
  const index = items.findIndex((item) => item.key === key)
  if (index >= 0) return { kind: 'scroll', index }
  const oldest = items.find((item) => item.type === 'message')
  const loaded = oldest !== undefined && monthIn(oldest.key) < monthIn(key)
  return { kind: hasOlder && !loaded ? 'load' : 'missing' }
}
