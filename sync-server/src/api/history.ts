import type { Message } from '@wardline/core/chat/page'
import type { ReceiptKey } from '@wardline/core/chat/receipt-key'
import { type Month, pageDoc } from '@wardline/core/ids/ids'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { ApiDevice } from './api-device.ts'
import type { MessageRef } from './message-id.ts'
import { messageJson } from './message-json.ts'
import type { PageFolds } from './page-folds.ts'
import { findIn } from './places.ts'
import type { HistoryJson } from './schemas.ts'
import type { Seat } from './seat.ts'
import { WriteRefused } from './submit.ts'

export interface HistoryQuery {
  /** Only what lies before this message. */
  readonly before: MessageRef | undefined
  /** Messages at most. */
  readonly limit: number
}

interface Picked {
  readonly month: Month
  readonly message: Message
}

/** A chat's messages over its months, from the newest back. */
export class History {
  readonly #folds: PageFolds
  readonly #device: ApiDevice
  readonly #now: () => number

  constructor(folds: PageFolds, device: ApiDevice, now: () => number) {
    this.#folds = folds
    this.#device = device
    this.#now = now
  }

  /**
   * @param deliver whether what is read counts as delivered to the caller
   */
  async read(
    seat: Seat,
    query: HistoryQuery,
    deliver: boolean,
  ): Promise<Result<HistoryJson, Failure>> {
    const { chat } = seat
    const { before, limit } = query
    if (before !== undefined && !(await this.#knows(seat, before)))
      return failure('message-not-found')
    // One more than asked for tells whether there are more.
    const picked = await this.#pick(seat, before, limit + 1)
    const shown = picked.slice(0, limit)
    if (deliver) await this.#deliver(seat, shown).catch(ignoreRefusal)
    const messages: HistoryJson['messages'] = []
    for (const { month, message } of shown) {
      const page = await this.#folds.page(pageDoc(chat.id, month))
      messages.push(await messageJson(seat, month, page, message))
    }
    return ok({ messages, hasMore: picked.length > limit })
  }

  async #knows({ chat }: Seat, ref: MessageRef): Promise<boolean> {
    if (ref.chat !== chat.id || !chat.pages.includes(ref.month)) return false
    const page = await this.#folds.page(pageDoc(chat.id, ref.month))
    return findIn(page, ref) !== undefined
  }

  async #pick(
    { chat }: Seat,
    before: MessageRef | undefined,
    count: number,
  ): Promise<readonly Picked[]> {
    const picked: Picked[] = []
    const newestFirst = [...chat.pages]
      .sort()
      .reverse()
      .filter((month) => before === undefined || month <= before.month)
    for (const month of newestFirst) {
      if (picked.length === count) break
      const page = await this.#folds.page(pageDoc(chat.id, month))
      const messages = page.messages()
      const end =
        month === before?.month
          ? messages.findIndex(({ writer, n }) => writer === before.writer && n === before.n)
          : messages.length
      const from = Math.max(0, end - (count - picked.length))
      const older = messages.slice(from, Math.max(0, end)).reverse()
      picked.push(...older.map((message) => ({ month, message })))
    }
    return picked
  }

  async #deliver(seat: Seat, shown: readonly Picked[]): Promise<void> {
    const months = new Map<Month, Message[]>()
    for (const { month, message } of shown) {
      if (message.author === seat.index) continue
      const list = months.get(month) ?? []
      months.set(month, list)
      list.push(message)
    }
    for (const [month, messages] of months) {
      const doc = pageDoc(seat.chat.id, month)
      const upTo = newestByWriter(messages)
      const missing = (receipts: { watermark(kind: 'd', writer: number): number }): ReceiptKey[] =>
        [...upTo]
          .filter(([writer, n]) => n > receipts.watermark('d', writer))
          .map(([writer, n]) => ({ kind: 'd', writer, n }))
      const page = await this.#folds.page(doc)
      if (missing(page.receiptsOf(seat.index)).length === 0) continue
      await this.#device.write(doc, seat, (current, pen) => {
        const keys = missing(current.receiptsOf(seat.index))
        return keys.length === 0 ? undefined : { write: pen.receipts(keys, this.#now()) }
      })
    }
  }
}

/** Who may write no more may read all the same. */
const ignoreRefusal = (error: unknown): void => {
  if (!(error instanceof WriteRefused)) throw error
}

/** The largest number of each writer. */
export const newestByWriter = (messages: readonly Message[]): ReadonlyMap<number, number> => {
  const upTo = new Map<number, number>()
  for (const { writer, n } of messages) upTo.set(writer, Math.max(n, upTo.get(writer) ?? 0))
  return upTo
}
