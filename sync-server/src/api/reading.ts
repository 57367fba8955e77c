import { type Month, pageDoc } from '@wardline/core/base/ids'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { ChatCaller } from '../folds/chat-caller.ts'
import type { MessageRef } from '../folds/message-id.ts'
import { type MessagePlace, placeOf } from '../folds/places.ts'
import type { ApiDevice } from './api-device.ts'
import type { OwnSettings } from './own-settings.ts'
import type { PageFolds } from './page-folds.ts'

export interface ReadingOptions {
  readonly folds: PageFolds
  readonly device: ApiDevice
  readonly settings: OwnSettings
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Notes that the caller has read a chat: all of it, or up to a message, in the order of screens.
 * Who has read in it needs no mark any more that they want to come back to it.
 */
export class Reading {
  readonly #options: ReadingOptions

  constructor(options: ReadingOptions) {
    this.#options = options
  }

  async mark(caller: ChatCaller, upTo: MessageRef | undefined): Promise<Result<void, Failure>> {
    const { chat } = caller
    if (upTo !== undefined) {
      if (upTo.chat !== chat.id || !chat.pages.includes(upTo.month))
        return failure('message-not-found')
      const doc = pageDoc(chat.id, upTo.month)
      const found = await this.#options.folds.ask(caller.user, doc, 'message', placeOf(upTo))
      if (found === undefined) return failure('message-not-found')
    }
    for (const month of chat.pages)
      if (upTo === undefined || month <= upTo.month) {
        const isIn = await this.#page(
          caller,
          month,
          upTo?.month === month ? placeOf(upTo) : undefined,
        )
        if (!isIn) return failure('chat-not-found')
      }
    await this.#options.settings.unmark(caller.user, chat.id)
    return ok(undefined)
  }

  /** False when the caller is out of the chat. */
  async #page(caller: ChatCaller, month: Month, upTo: MessagePlace | undefined): Promise<boolean> {
    const doc = pageDoc(caller.chat.id, month)
    const { folds, device, now } = this.#options
    const { user, index } = caller
    const unread = await folds.ask(user, doc, 'unread', { index, upTo: undefined })
    if (unread.length === 0) return true
    return device.write(doc, caller, {
      question: 'unread',
      about: { index, upTo },
      make: (keys, laneWriter) =>
        keys.length === 0 ? undefined : { write: laneWriter.receipts(keys, now()) },
    })
  }
}
