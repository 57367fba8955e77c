import type { ChatSummary } from '@wardline/core/client/model/views'
import { cutText } from '@wardline/core/text/cut'
import type { ChatRowProps } from './chat-row.tsx'

/** The first lines of a text, for one line on screen. */
export const oneLine = (text: string): string =>
  cutText(text.trimStart(), 200).replace(/\s+/gu, ' ')

/** Whether a row looks as it did: what else is known of its chat need not be drawn. */
export const isSameRow = (
  { chat: before, ...one }: ChatRowProps,
  { chat: after, ...other }: ChatRowProps,
): boolean =>
  (Object.keys(one) as (keyof typeof one)[]).every((name) => one[name] === other[name]) &&
  (before === after || looksOf(before) === looksOf(after))

/** All that a row shows of a chat, as text. */
const looksOf = (chat: ChatSummary): string => {
  const { id, kind, title, peer, patients, online, typing, unread, markedUnread } = chat
  const { pinned, muted, last, draft } = chat
  const words = [oneLine(draft.edit?.text ?? draft.text), last && oneLine(last.text)]
  const shown = { ...last, text: '' }
  const { id: peerId, accountClosed } = peer ?? {}
  const marks = [unread, markedUnread, pinned, muted, online, typing]
  return JSON.stringify([id, kind, title, peerId, accountClosed, patients, marks, words, shown])
}
