import { type Month, pageDoc } from '@wardline/core/base/ids'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { ChatCaller } from '../folds/chat-caller.ts'
import type { MessageRef } from '../folds/message-id.ts'
import { type Listed, newestByWriter } from '../folds/page-questions.ts'
import { placeOf } from '../folds/places.ts'
import type { ApiDevice } from './api-device.ts'
import type { PageFolds } from './page-folds.ts'
import type { HistoryJson } from './schemas.ts'
import { WriteRefused } from './submit.ts'

export interface HistoryQuery {
  /** Only what lies before this message. */
  readonly before: MessageRef | undefined
  /** Messages at most. */
  readonly limit: number
}

interface Picked {
  readonly month: Month
  readonly message: Listed
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
    caller: ChatCaller,
    query: HistoryQuery,
    deliver: boolean,
  ): Promise<Result<HistoryJson, Failure>> {
    const { chat } = caller
    const { before, limit } = query
    if (before !== undefined && !(await this.#knows(caller, before)))
      return failure('message-not-found')
    // One more than asked for tells whether there are more.
    const picked = await this.#pick(caller, before, limit + 1)
    const shown = picked.slice(0, limit)
    if (deliver) await this.#deliver(caller, shown).catch(ignoreRefusal)
    const messages: HistoryJson['messages'] = []
    for (const { month, places } of byMonth(shown)) {
      const about = { caller, month, places }
      messages.push(...(await this.#folds.ask(caller.user, pageDoc(chat.id, month), 'json', about)))
    }
    return ok({ messages, hasMore: picked.length > limit })
  }

  async #knows({ user, chat }: ChatCaller, ref: MessageRef): Promise<boolean> {
    if (ref.chat !== chat.id || !chat.pages.includes(ref.month)) return false
    const doc = pageDoc(chat.id, ref.month)
    return (await this.#folds.ask(user, doc, 'message', placeOf(ref))) !== undefined
  }

  async #pick(
    { user, chat }: ChatCaller,
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
      const older = await this.#folds.ask(user, pageDoc(chat.id, month), 'newest', {
        before: month === before?.month ? placeOf(before) : undefined,
        count: count - picked.length,
      })
      picked.push(...older.map((message) => ({ month, message })))
    }
    return picked
  }

  async #deliver(caller: ChatCaller, shown: readonly Picked[]): Promise<void> {
    const others = shown.filter(({ message }) => message.author !== caller.index)
    for (const { month, places } of byMonth(others)) {
      const doc = pageDoc(caller.chat.id, month)
      const about = { index: caller.index, upTo: newestByWriter(places) }
      const missing = await this.#folds.ask(caller.user, doc, 'undelivered', about)
      if (missing.length === 0) continue
      await this.#device.write(doc, caller, {
        question: 'undelivered',
        about,
        make: (keys, laneWriter) =>
          keys.length === 0 ? undefined : { write: laneWriter.receipts(keys, this.#now()) },
      })
    }
  }
}

/** Who may write no more may read all the same. */
const ignoreRefusal = (error: unknown): void => {
  if (!(error instanceof WriteRefused)) throw error
}

/** In their order, which is by month. */
const byMonth = (picked: readonly Picked[]): { month: Month; places: Listed[] }[] => {
  const months: { month: Month; places: Listed[] }[] = []
  for (const { month, message } of picked) {
    const last = months.at(-1)
    if (last?.month === month) last.places.push(message)
    else months.push({ month, places: [message] })
  }
  return months
}
