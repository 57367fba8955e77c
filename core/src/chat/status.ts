/**
 * Status of one's own message: a pure function of local data. Every input only grows, so the
 * status never goes back.
 */
import type { Writer } from '../base/client-id.ts'
import type { ReceiptKind } from './receipt-key.ts'
import type { Receipts } from './receipts.ts'

/** How far all who have to get an entry are with it. */
export type Coverage = 'none' | 'delivered' | 'read'

/**
 * In the order in which it advances. waiting: only on this device. stored: durable on the server.
 * delivered, read: on a device of, seen by, every other member.
 */
export type MessageStatus = 'waiting' | 'stored' | Exclude<Coverage, 'none'>

/** @param others receipts of all who have to get the entry, see `recipientsOf` */
export const coverageOf = (writer: Writer, n: number, others: readonly Receipts[]): Coverage => {
  const covered = (kind: ReceiptKind): boolean =>
    others.length > 0 && others.every((member) => member.watermark(kind, writer) >= n)
  return covered('r') ? 'read' : covered('d') ? 'delivered' : 'none'
}

/**
 * @param acknowledged whether the server has said that the entry is durable
 * @param others receipts of all who have to get the entry, see `recipientsOf`
 */
export const statusOf = (
  writer: Writer,
  n: number,
  acknowledged: boolean,
  others: readonly Receipts[],
): MessageStatus => {
  const coverage = coverageOf(writer, n, others)
  if (coverage !== 'none') return coverage
  return acknowledged ? 'stored' : 'waiting'
}
