/** From folded messages to what the HTTP interface answers with. */

import type { Month } from '@wardline/core/base/ids'
import { type Content, openBody } from '@wardline/core/chat/body'
import { datedBefore } from '@wardline/core/chat/dating'
import type { Authored } from '@wardline/core/chat/entry'
import type { Message, Page } from '@wardline/core/chat/page'
import type { ReceiptKind } from '@wardline/core/chat/receipt-key'
import { recipientsOf } from '@wardline/core/chat/recipients'
import { type MessageStatus, statusOf } from '@wardline/core/chat/status'
import { cutText } from '@wardline/core/text/cut'
import { type ChatCaller, sinceOf, userAt } from './chat-caller.ts'
import { writeMessageId } from './message-id.ts'
import type { LastMessageJson, MessageJson } from './message-schema.ts'

/** UTF-16 units of the text in a list of chats, at most. */
const PREVIEW = 200

export const messageJson = async (
  { chat, index }: ChatCaller,
  month: Month,
  page: Page,
  message: Message,
): Promise<MessageJson> => {
  const { writer, n, at, arrivedAt, retracted, reply } = message
  const opened = message.body === null ? undefined : await openBody(message.body)
  const content: Content = opened?.kind === 'content' ? opened.content : { text: '' }
  const edits = message.history.length === 0 ? [] : page.editsOf(writer, n)
  const edit = edits.reduce<Authored | undefined>(
    (last, one) => (last === undefined || one.at > last.at ? one : last),
    undefined,
  )
  const editArrivedAt = edit && page.arrivedAt(edit)
  const before = datedBefore(message, chat.createdAt, sinceOf(chat, message.author))
  const times = (kind: ReceiptKind): MessageJson['readBy'] =>
    recipientsOf(chat, message).flatMap((member) => {
      const time = page.receiptsOf(member.index).timeOf(kind, writer, n)
      return time === undefined ? [] : [{ userId: member.userId, at: time }]
    })
  return {
    id: writeMessageId({ chat: chat.id, month, writer, n }),
    chatId: chat.id,
    senderId: userAt(chat, message.author) ?? null,
    text: content.text,
    at,
    ...(arrivedAt !== null && { arrivedAt }),
    ...(before !== null && { datedBefore: before }),
    ...(edit !== undefined && { editedAt: edit.at }),
    ...(typeof editArrivedAt === 'number' && { editArrivedAt }),
    retracted,
    ...(opened?.kind === 'unreadable' && { unreadable: true }),
    ...(reply !== null && {
      replyTo: writeMessageId({
        chat: chat.id,
        month: reply.month ?? month,
        writer: reply.writer,
        n: reply.n,
      }),
    }),
    ...(message.author === index && { status: ownStatus({ chat, index }, page, message) }),
    deliveredTo: times('d'),
    readBy: times('r'),
    attachments: [...(content.attachments ?? [])],
  }
}

export const lastMessageJson = async (
  caller: Pick<ChatCaller, 'chat' | 'index'>,
  month: Month,
  page: Page,
  message: Message,
): Promise<LastMessageJson> => {
  const { chat, index } = caller
  const { writer, n, at, arrivedAt, retracted } = message
  const opened = message.body === null ? undefined : await openBody(message.body)
  return {
    id: writeMessageId({ chat: chat.id, month, writer, n }),
    senderId: userAt(chat, message.author) ?? null,
    text: opened?.kind === 'content' ? cutText(opened.content.text, PREVIEW) : '',
    at,
    ...(arrivedAt !== null && { arrivedAt }),
    retracted,
    ...(message.author === index && { status: ownStatus(caller, page, message) }),
  }
}

const ownStatus = (
  { chat }: Pick<ChatCaller, 'chat' | 'index'>,
  page: Page,
  message: Message,
): Exclude<MessageStatus, 'waiting'> => {
  const others = recipientsOf(chat, message).map(({ index }) => page.receiptsOf(index))
  const status = statusOf(message.writer, message.n, true, others)
  return status === 'waiting' ? 'stored' : status
}
