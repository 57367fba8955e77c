/**
 * Messages that are in no page, and so not in the index: those that were refused, and those whose
 * files are on their way. They are few, and are looked through as they are.
 */

import { type ChatId, parseDocName } from '../../base/ids.ts'
import { openBody } from '../../chat/body.ts'
import type { ChatRegistry } from '../chats/chat-registry.ts'
import type { PageIndex } from '../chats/page-index.ts'
import type { UploadQueue } from '../files/upload-queue.ts'
import { messageKey, outgoingKey, REFUSED_WRITER } from '../model/message-key.ts'
import type { Candidate } from './rank.ts'
import { newTextIndex, textsWith } from './text-index.ts'
import { textOf } from './text-of.ts'

type Unsent = Omit<Candidate, 'whole' | 'author'>

export interface UnsentMessagesOptions {
  chats: Pick<ChatRegistry, 'get'>
  pageIndex: Pick<PageIndex, 'pages'>
  outgoing: Pick<UploadQueue, 'messages'>
}

export class UnsentMessages {
  readonly #options: UnsentMessagesOptions

  constructor(options: UnsentMessagesOptions) {
    this.#options = options
  }

  /** As in the index: all words, the last one also as the beginning of one. */
  async search(words: readonly string[], chat: ChatId | undefined): Promise<Candidate[]> {
    const messages = [...this.#outgoing(), ...(await this.#refused())].filter(
      (message) => chat === undefined || message.chat === chat,
    )
    const index = newTextIndex()
    index.addAll(messages.map(({ text }, id) => ({ id, text })))
    return textsWith(index, words).flatMap(({ id, whole }) => {
      const message = messages[id]
      const author = message && this.#options.chats.get(message.chat)?.me
      return message === undefined || author === undefined ? [] : [{ ...message, author, whole }]
    })
  }

  #outgoing(): Unsent[] {
    return this.#options.outgoing.messages.map(({ id, chat, at, text, files }) => ({
      chat,
      key: outgoingKey(id),
      at,
      arrivedAt: null,
      text: textOf({ text, attachments: files.map(({ attachment }) => attachment) }),
    }))
  }

  async #refused(): Promise<Unsent[]> {
    const found: Unsent[] = []
    for (const { doc, refused } of this.#options.pageIndex.pages()) {
      const ref = parseDocName(doc)
      if (ref?.kind !== 'page') continue
      const { chat, month } = ref
      for (const { body, at } of refused) {
        const opened = await openBody(body)
        if (opened.kind !== 'content') continue
        const key = messageKey({ month, writer: REFUSED_WRITER, n: at })
        found.push({ chat, key, at, arrivedAt: null, text: textOf(opened.content) })
      }
    }
    return found
  }
}
