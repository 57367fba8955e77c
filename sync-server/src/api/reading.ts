import type { ReceiptKey } from '@wardline/core/chat/receipt-key'
import { type Month, pageDoc } from '@wardline/core/ids/ids'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { ApiDevice } from './api-device.ts'
import { newestByWriter } from './history.ts'
import type { MessageRef } from './message-id.ts'
import type { PageFolds } from './page-folds.ts'
import { findIn } from './places.ts'
import type { Seat } from './seat.ts'
import type { UnreadMarks } from './unread-marks.ts'

export interface ReadingOptions {
  readonly folds: PageFolds
  readonly device: ApiDevice
  readonly marks: UnreadMarks
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

  async mark(seat: Seat, upTo: MessageRef | undefined): Promise<Result<void, Failure>> {
    const { chat } = seat
    if (upTo !== undefined) {
      if (upTo.chat !== chat.id || !chat.pages.includes(upTo.month))
        return failure('message-not-found')
      const page = await this.#options.folds.page(pageDoc(chat.id, upTo.month))
      if (findIn(page, upTo) === undefined) return failure('message-not-found')
    }
    for (const month of chat.pages)
      if (upTo === undefined || month <= upTo.month) {
        const isIn = await this.#page(seat, month, upTo?.month === month ? upTo : undefined)
        if (!isIn) return failure('chat-not-found')
      }
    await this.#options.marks.clear(seat.user, chat.id)
    return ok(undefined)
  }

  /** False when the caller is out of the chat. */
  async #page(seat: Seat, month: Month, upTo: MessageRef | undefined): Promise<boolean> {
    const doc = pageDoc(seat.chat.id, month)
    const page = await this.#options.folds.page(doc)
    if (page.unreadFor(seat.index).length === 0) return true
    return this.#options.device.write(doc, seat, (current, pen) => {
      const messages = current.messages()
      const end =
        upTo === undefined
          ? messages.length
          : messages.findIndex(({ writer, n }) => writer === upTo.writer && n === upTo.n) + 1
      const covered = new Set(messages.slice(0, end))
      const unread = current.unreadFor(seat.index).filter((message) => covered.has(message))
      const keys = [...newestByWriter(unread)].map(
        ([writer, n]): ReceiptKey => ({ kind: 'r', writer, n }),
      )
      return keys.length === 0 ? undefined : { write: pen.receipts(keys, this.#options.now()) }
    })
  }
}
