import type { TimelineItem } from '@wardline/core/client/model/views'
import { monthIn } from './arrived.ts'

/** What brings the timeline closer to a message. */
export type JumpStep =
  | { kind: 'scroll'; index: number }
  /** It is older than what is loaded. */
  | { kind: 'load' }
  /** It is not on this device. */
  | { kind: 'missing' }

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
