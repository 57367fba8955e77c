import type { MemberIndex, Writer } from '../base/client-id.ts'
import type { Message, Page } from './page.ts'
import type { ReceiptKey } from './receipt-key.ts'

/**
 * What a reader can say when they have seen these of the messages that they had not read. A receipt
 * says that everything of its writer up to a number was read, and what came late, or was written
 * with another clock, may lie far above what was on screen: so it reaches up to the first message
 * that was not seen, and the rest is not said yet.
 */
export const readReceipts = (
  page: Page,
  reader: MemberIndex,
  isSeen: (message: Message) => boolean,
): readonly ReceiptKey[] => {
  const upTo = new Map<Writer, number>()
  const ended = new Set<Writer>()
  for (const message of page.unreadFor(reader).toSorted((a, b) => a.n - b.n)) {
    const { writer, n } = message
    if (!isSeen(message)) ended.add(writer)
    else if (!ended.has(writer)) upTo.set(writer, n)
  }
  return [...upTo].map(([writer, n]) => ({ kind: 'r', writer, n }))
}
