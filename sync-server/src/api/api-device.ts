import { randomBytes } from 'node:crypto'
import { laneOf } from '@wardline/core/chat/lanes'
import type { Page } from '@wardline/core/chat/page'
import { Pen, type PenWrite } from '@wardline/core/client/pen'
import { Serial } from '@wardline/core/client/serial'
import { writerFrom } from '@wardline/core/ids/client-id'
import type { DocName } from '@wardline/core/ids/ids'
import { Lru } from '../storage/lru.ts'
import type { RecordWrite } from '../storage/store.ts'
import { StoreError } from '../storage/store-error.ts'
import { listPage } from '../sync/access.ts'
import type { Documents } from '../sync/documents.ts'
import type { HostedDoc, Subscriber } from '../sync/hosted-doc.ts'
import type { SyncDirectory } from '../sync/ports.ts'
import type { PageFolds } from './page-folds.ts'
import type { Seat } from './seat.ts'

/** Pens kept; who comes back to a page later gets a new one, with a new writer. */
const PENS = 10_000
/** Times that a document is opened again because it was lost before anything was written. */
const ROUNDS = 5

export interface Written {
  readonly write: PenWrite
  /** Records that are stored with it, or not at all. */
  readonly records?: readonly RecordWrite[]
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
  readonly #pens = new Lru<string, Pen>(PENS)

  constructor(options: ApiDeviceOptions) {
    this.#options = options
  }

  /**
   * Writes what `make` finds to be written in a page; nothing, if it finds none. One at a time for
   * each caller and page. False when the caller is out of the chat by then. Rejects with
   * `StoreError`; what became of the write is then unknown.
   */
  write(
    doc: DocName,
    seat: Seat,
    make: (page: Page, pen: Pen) => Written | undefined,
  ): Promise<boolean> {
    const hand = `${doc} ${seat.index} ${seat.device}`
    return this.#serial.run(`${doc} ${seat.index}`, async () => {
      for (let round = 0; round < ROUNDS; round++) {
        const outcome = await this.#write(doc, seat, hand, make)
        if (outcome !== 'lost') return outcome === 'done'
      }
      throw new StoreError('STORE_UNAVAILABLE', 'the document is lost again and again')
    })
  }

  /** `lost`: the document has to be opened again, and nothing was written. */
  async #write(
    doc: DocName,
    seat: Seat,
    hand: string,
    make: (page: Page, pen: Pen) => Written | undefined,
  ): Promise<'done' | 'lost' | 'out'> {
    const { documents, directory, folds, now } = this.#options
    const hosted = await documents.hold(doc)
    try {
      const page = await folds.page(doc)
      const pen = this.#pens.get(hand) ?? new Pen(seat.index, newWriter(), seat.device)
      const written = make(page, pen)
      if (written === undefined) return 'done'
      const lane = laneOf(hosted.ref, seat.index)
      const { update } = written.write
      if (!hosted.ready)
        await hosted.prepare(update, lane, now(), () => listPage(directory, hosted.ref))
      // Who was removed while all this was read must not write any more.
      const chat = await directory.chatOf(seat.chat.id)
      if (chat?.members.some(({ index }) => index === seat.index) !== true) return 'out'
      if (hosted.gone) return 'lost'
      // Whatever goes wrong from here on, this writer's count is uncertain: it is not used again.
      this.#pens.delete(hand)
      await submit(documents, hosted, written, lane, now())
      written.write.advance()
      this.#pens.set(hand, pen)
      return 'done'
    } finally {
      documents.release(hosted)
    }
  }
}

const submit = (
  documents: Documents,
  hosted: HostedDoc,
  { write, records }: Written,
  lane: ReturnType<typeof laneOf>,
  now: number,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = (): void => void hosted.subscribers.delete(subscriber)
    const subscriber: Subscriber = {
      row() {},
      own() {},
      lost() {
        end()
        reject(new StoreError('STORE_UNAVAILABLE', 'the document was lost'))
      },
    }
    hosted.subscribers.add(subscriber)
    const refused = hosted.submit(
      write.update,
      lane,
      now,
      subscriber,
      () => {
        end()
        resolve()
      },
      (flight, bytes) => documents.append(flight, bytes, records),
    )
    if (refused === undefined) return
    end()
    reject(new Error(`the gate refused what this server wrote: ${refused.code}`))
  })

const newWriter = (): number => writerFrom(randomBytes(5))
