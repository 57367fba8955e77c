/**
 * Status of one's own message: a pure function of local data. Every input only grows, so the
 * status never goes back.
 */
import type { Writer } from '../base/client-id.ts'
import type { Receipts } from './receipts.ts'

/**
 * In the order in which it advances. waiting: only on this device. stored: durable on the server.
 * delivered, read: on a device of, seen by, every other member.
 */
export type MessageStatus = 'waiting' | 'stored' | 'delivered' | 'read'

/**
 * @param acknowledged whether the server has said that the entry is durable
 * @param others receipts of every other member of the chat
 */
export const statusOf = (
  writer: Writer,
  n: number,
  acknowledged: boolean,
  others: readonly Receipts[],
): MessageStatus => {
  const covered = (kind: 'd' | 'r') =>
    others.length > 0 && others.every((member) => member.watermark(kind, writer) >= n)
  if (covered('r')) return 'read'
  if (covered('d')) return 'delivered'
  return acknowledged ? 'stored' : 'waiting'
}
