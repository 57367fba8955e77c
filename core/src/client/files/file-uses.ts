/** Which files the messages of a chat have, so that those no message has any more can go. */

import { type ChatId, pageDoc } from '../../base/ids.ts'
import { Serial } from '../../base/serial.ts'
import { openBody } from '../../chat/body.ts'
import type { Message } from '../../chat/page.ts'
import type { ChatRegistry } from '../chats/chat-registry.ts'
import type { PageIndex } from '../chats/page-index.ts'
import type { Pages } from '../documents/pages.ts'
import { type FileDeletion, filesOf } from '../store/outgoing-store.ts'
import type { FileCache } from './file-cache.ts'
import type { UploadQueue } from './upload-queue.ts'

export interface FileUsesOptions {
  chats: Pick<ChatRegistry, 'get'>
  pages: Pick<Pages, 'open'>
  pageIndex: Pick<PageIndex, 'months'>
  outgoing: Pick<UploadQueue, 'of'>
  fileCache: Pick<FileCache, 'keepOnly'>
}

export class FileUses {
  readonly #options: FileUsesOptions
  readonly #serial = new Serial<ChatId>()
  /** Chats that are to be looked through next. */
  readonly #waiting = new Map<ChatId, Promise<void>>()

  constructor(options: FileUsesOptions) {
    this.#options = options
  }

  /** Whether a message of this person has the file, in what this device knows of the chat. */
  async isOwn({ chat, hash }: FileDeletion): Promise<boolean> {
    const { me } = this.#options.chats.get(chat) ?? {}
    return (await this.#filesIn(chat, (message) => message.author === me)).has(hash)
  }

  /**
   * A message was taken back: files that no other one in the chat has go from this device, too. Looks
   * once for all that is taken back until it begins.
   */
  dropUnused(chat: ChatId): Promise<void> {
    const waiting = this.#waiting.get(chat)
    if (waiting !== undefined) return waiting
    const done = this.#serial.run(chat, async () => {
      this.#waiting.delete(chat)
      await this.#options.fileCache.keepOnly(chat, () => this.#filesIn(chat, () => true))
    })
    this.#waiting.set(chat, done)
    return done
  }

  /** Names of the files in messages of a chat, as far as they are on this device. */
  async #filesIn(chat: ChatId, counts: (message: Message) => boolean): Promise<Set<string>> {
    const { pages, pageIndex, outgoing } = this.#options
    const names = filesOf(outgoing.of(chat))
    for (const month of pageIndex.months(chat)) {
      const { page } = await pages.open(pageDoc(chat, month))
      for (const message of page.messages().filter(counts)) {
        const opened = message.body === null ? undefined : await openBody(message.body)
        if (opened?.kind !== 'content') continue
        for (const { hash } of opened.content.attachments ?? []) names.add(hash)
      }
    }
    return names
  }
}
