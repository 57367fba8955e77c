/**
 * How the HTTP interface names a message: `<chatId>~<yyyy-mm>~<writer>.<n>`. Unique in the whole
 * server, so that a message's own address needs nothing else, and free of characters that an
 * address would have to escape.
 */
import { isWriter } from '@wardline/core/base/client-id'
import { type ChatId, type Month, parseChatId, parseMonth } from '@wardline/core/base/ids'

export interface MessageRef {
  readonly chat: ChatId
  readonly month: Month
  readonly writer: number
  readonly n: number
}

export const writeMessageId = ({ chat, month, writer, n }: MessageRef): string =>
  `${chat}~${month}~${writer}.${n}`

export const MESSAGE_ID = /^([^~]{1,90})~(\d{4}-\d{2})~(0|[1-9]\d{0,12})\.([1-9]\d{0,9})$/

/** Undefined for what is no id. */
export const readMessageId = (text: string): MessageRef | undefined => {
  const [, chatText = '', monthText = '', writerText, nText] = MESSAGE_ID.exec(text) ?? []
  const chat = parseChatId(chatText)
  const month = parseMonth(monthText)
  const writer = Number(writerText)
  const n = Number(nText)
  if (chat === undefined || month === undefined || !isWriter(writer)) return undefined
  return { chat, month, writer, n }
}
