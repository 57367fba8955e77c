/** What there is to say of a single message beyond what its bubble shows. */

import { type ChatId, pageDoc } from '../../base/ids.ts'
import { type Content, openBody } from '../../chat/body.ts'
import type { Message } from '../../chat/page.ts'
import { recipientsOf } from '../../chat/recipients.ts'
import type { ChatRegistry } from '../chats/chat-registry.ts'
import type { OpenPage, Pages } from '../documents/pages.ts'
import { readMessageKey } from '../model/message-key.ts'
import type { MessageInfo } from '../model/views.ts'

export class MessageDetails {
  readonly #pages: Pages
  readonly #chats: ChatRegistry

  constructor(pages: Pages, chats: ChatRegistry) {
    this.#pages = pages
    this.#chats = chats
  }

  /** As it reads now; without text when it was taken back or is not there. */
  async content(id: ChatId, key: string): Promise<Content> {
    const body = (await this.#find(id, key))?.message.body
    const opened = body && (await openBody(body))
    return opened?.kind === 'content' ? opened.content : { text: '' }
  }

  /** Texts before its edits, oldest first. */
  async history(id: ChatId, key: string): Promise<readonly string[]> {
    const found = await this.#find(id, key)
    const opened = await Promise.all((found?.message.history ?? []).map(openBody))
    return opened.map((body) => (body.kind === 'content' ? body.content.text : ''))
  }

  /** When it reached each of those it was written for. */
  async receipts(id: ChatId, key: string): Promise<readonly MessageInfo[]> {
    const found = await this.#find(id, key)
    const chat = this.#chats.get(id)
    if (found === undefined || chat === undefined) return []
    const { message, open } = found
    return recipientsOf(chat, message).map((member) => {
      const receipts = open.page.receiptsOf(member.index)
      const time = (kind: 'd' | 'r') => receipts.timeOf(kind, message.writer, message.n) ?? null
      return { person: member, deliveredAt: time('d'), readAt: time('r') }
    })
  }

  async #find(id: ChatId, key: string): Promise<{ message: Message; open: OpenPage } | undefined> {
    const place = readMessageKey(key)
    if (place === undefined) return undefined
    const open = await this.#pages.open(pageDoc(id, place.month))
    const message = open.page
      .messages()
      .find(({ writer, n }) => writer === place.writer && n === place.n)
    return message && { message, open }
  }
}
