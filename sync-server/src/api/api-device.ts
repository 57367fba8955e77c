import { randomBytes } from 'node:crypto'
import { writerFrom } from '@wardline/core/base/client-id'
import type { DocName } from '@wardline/core/base/ids'
import { Serial } from '@wardline/core/base/serial'
import { LaneWriter, type PendingWrite } from '@wardline/core/chat/lane-writer'
import { laneOf } from '@wardline/core/chat/lanes'
import { contend } from '@wardline/core/time/contend'
import { Lru } from '../base/lru.ts'
import type { ChatCaller } from '../folds/chat-caller.ts'
import type { AnswerTo, QuestionAbout, QuestionName } from '../folds/page-questions.ts'
import type { RecordWrite } from '../storage/store.ts'
import { StoreError } from '../storage/store-error.ts'
import { listPage } from '../sync/access.ts'
import type { Documents } from '../sync/documents.ts'
import type { SyncDirectory } from '../sync/ports.ts'
import type { PageFolds } from './page-folds.ts'
import { submitTo } from './submit.ts'

/** Lane writers kept; who comes back to a page later gets a new one, with a new writer. */
const LANE_WRITERS = 10_000

export interface Written {
  readonly write: PendingWrite
  /** Records that are stored with it, or not at all. */
  readonly records?: readonly RecordWrite[]
}

/** What is asked about the page, and what is written by the answer; nothing, if it is undefined. */
export interface Writing<N extends QuestionName> {
  readonly question: N
  readonly about: QuestionAbout<N>
  make(answer: AnswerTo<N>, laneWriter: LaneWriter): Written | undefined
  /** Also for who is out of the chat: the clinic's doing, not theirs. */
  readonly evenOut?: true
}

/** In an object, so that waiting for the beginning is not waiting for the end. */
interface Begun {
  readonly outcome: Promise<boolean>
}

export interface ApiDeviceOptions {
  readonly documents: Documents
  readonly directory: SyncDirectory
  readonly folds: PageFolds
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * The callers' own hand: writes into their lanes as one more device of theirs, through the same
 * gate as every other, and answers when it is durable and everybody has been told.
 */
export class ApiDevice {
  readonly #options: ApiDeviceOptions
  readonly #serial = new Serial<string>()
  /** When all that was appended by now is durable, or lost. */
  readonly #inFlight = new Map<string, Promise<void>>()
  readonly #laneWriters = new Lru<string, LaneWriter>(LANE_WRITERS)

  constructor(options: ApiDeviceOptions) {
    this.#options = options
  }

  /**
   * Writes what `make` finds to be written in a page; nothing, if it finds none. What is asked sees
   * all that the caller wrote there before. False when the caller is out of the chat by then. Rejects with
   * `StoreError`; what became of the write is then unknown.
   */
  async write<N extends QuestionName>(
    doc: DocName,
    caller: ChatCaller,
    writing: Writing<N>,
  ): Promise<boolean> {
    const key = `${doc} ${caller.index}`
    const { outcome } = await this.#serial.run(key, async () => {
      await this.#inFlight.get(key)
      return { outcome: await (await this.#begin(doc, caller, writing)).outcome }
    })
    return outcome
  }

  /** The same for what depends on nothing that is on its way: many of them share a durable write. */
  async append<N extends QuestionName>(
    doc: DocName,
    caller: ChatCaller,
    writing: Writing<N>,
  ): Promise<boolean> {
    const key = `${doc} ${caller.index}`
    const { outcome } = await this.#serial.run(key, async () => {
      const begun = await this.#begin(doc, caller, writing)
      const settled = begun.outcome.then(
        () => {},
        () => {},
      )
      this.#inFlight.set(key, settled)
      void settled.then(() => {
        if (this.#inFlight.get(key) === settled) this.#inFlight.delete(key)
      })
      return begun
    })
    return outcome
  }

  async #begin<N extends QuestionName>(
    doc: DocName,
    caller: ChatCaller,
    writing: Writing<N>,
  ): Promise<Begun> {
    const begun = await contend(() => this.#try(doc, caller, writing))
    if (begun !== undefined) return begun
    throw new StoreError('STORE_UNAVAILABLE', 'the document is lost again and again')
  }

  /** Undefined: the document was lost and has to be opened again, and nothing was written. */
  async #try<N extends QuestionName>(
    doc: DocName,
    caller: ChatCaller,
    { question, about, make, evenOut }: Writing<N>,
  ): Promise<Begun | undefined> {
    const { documents, directory, folds, now } = this.#options
    const hand = `${doc} ${caller.index} ${caller.device}`
    const hosted = await documents.hold(doc)
    let submitted = false
    try {
      const answer = await folds.ask(caller.user, doc, question, about)
      const laneWriter =
        this.#laneWriters.get(hand) ?? new LaneWriter(caller.index, newWriter(), caller.device)
      const written = make(answer, laneWriter)
      if (written === undefined) return { outcome: Promise.resolve(true) }
      const lane = laneOf(hosted.ref, caller.index)
      const { update } = written.write
      if (!hosted.isReady(lane))
        await hosted.prepare(update, lane, now(), () => listPage(directory, hosted.ref))
      // Who was removed while all this was read must not write any more.
      const chat = await directory.chatOf(caller.chat.id)
      const isIn = chat?.members.some(({ index }) => index === caller.index) === true
      if (!isIn && evenOut !== true) return { outcome: Promise.resolve(false) }
      if (hosted.gone) return undefined
      const { records = [] } = written
      const durable = submitTo(hosted, { documents, update, records, lane, now: now() })
      // What was counted is uncertain then: this writer is not used again.
      durable.catch(() => this.#laneWriters.delete(hand))
      written.write.advance()
      this.#laneWriters.set(hand, laneWriter)
      submitted = true
      return { outcome: durable.then(() => true).finally(() => documents.release(hosted)) }
    } finally {
      if (!submitted) documents.release(hosted)
    }
  }
}

const newWriter = (): number => writerFrom(randomBytes(5))
