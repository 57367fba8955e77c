/**
 * What one writer puts into its lane of one page: hands out entry numbers and clocks, and turns
 * entries and receipts into update bytes. Counting goes on only when the bytes are stored
 * (`advance`), so a write that the device could not save leaves no gap.
 */

import { clientIdOf, type MemberIndex, type Writer } from '../base/client-id.ts'
import type { DeviceId } from '../base/ids.ts'
import { encodeLaneWrite, type LaneItem, laneWriteLength } from '../update/lane-write.ts'
import type { ClockRange } from '../update/struct.ts'
import { type Entry, EntryKind, MAX_BODY, MAX_SEEN, type Seen, writeEntry } from './entry.ts'
import { logName, stateName } from './lanes.ts'
import { type ReceiptKey, writeReceiptKey } from './receipt-key.ts'
import { TextError } from './text-error.ts'

/** What an author decides about an entry; the lane writer adds who, where and what they had seen. */
export type NewEntry = Pick<Entry, 'at' | 'kind' | 'ref' | 'body'>

/** Entries to write, and own elements whose content goes with them. */
export interface NewEntries {
  added: readonly NewEntry[]
  deletes?: readonly ClockRange[]
}

export interface PendingWrite {
  update: Uint8Array
  entries: { writer: Writer; n: number }[]
  /** To be called once the update is stored. */
  advance(): void
}

export class LaneWriter {
  readonly #client: number
  #clock = 0
  #n = 0
  /** Clock of this writer's last element of the log. */
  #lastLog: number | undefined
  /** What this writer has named, in entries that stay. */
  readonly #named = new Map<Writer, number>()
  readonly writer: Writer
  readonly index: MemberIndex
  readonly device: DeviceId

  constructor(index: MemberIndex, writer: Writer, device: DeviceId) {
    this.index = index
    this.writer = writer
    this.device = device
    this.#client = clientIdOf(index, writer)
  }

  /**
   * @param frontier what the page on this device holds and no entry names, per writer
   * @param deletes own elements whose content goes
   */
  entries(
    added: readonly NewEntry[],
    frontier: Seen,
    deletes: readonly ClockRange[] = [],
  ): PendingWrite {
    // The bound is far beyond what ever happens at once; past it order falls to time.
    const news = new Map([...frontier].filter((last) => this.#isNews(...last)).slice(-MAX_SEEN))
    // An edit goes when its message is taken back: what it names, the next entry names again.
    const stays = added.findIndex(({ kind }) => kind !== EntryKind.edit)
    const entries = added.map(
      (draft, i): Entry => ({
        ...draft,
        writer: this.writer,
        n: this.#n + i + 1,
        device: this.device,
        seen: stays === -1 || i <= stays ? news : new Map(),
        signature: null,
      }),
    )
    // What reading refuses would be stored, and be nowhere.
    if (added.some(({ body }) => body.length > MAX_BODY)) throw new TextError('too-long')
    const values = entries.map(writeEntry)
    const after = this.#lastLog === undefined ? {} : { after: this.#id(this.#lastLog) }
    const items = [{ log: logName(this.index), ...after, values }]
    return this.#write({ items, deletes }, entries, () => {
      this.#lastLog = this.#clock + values.length - 1
      this.#n += values.length
      if (stays !== -1) for (const [writer, n] of news) this.#named.set(writer, n)
    })
  }

  receipts(keys: readonly ReceiptKey[], time: number): PendingWrite {
    const map = stateName(this.index)
    const items = keys.map((key) => ({ map, key: writeReceiptKey(key), value: time }))
    return this.#write({ items, deletes: [] }, [], () => {})
  }

  #write(
    what: { items: readonly LaneItem[]; deletes: readonly ClockRange[] },
    entries: readonly Entry[],
    then: () => void,
  ): PendingWrite {
    const write = { client: this.#client, clock: this.#clock, ...what }
    return {
      update: encodeLaneWrite(write),
      entries: entries.map(({ writer, n }) => ({ writer, n })),
      advance: () => {
        then()
        this.#clock += laneWriteLength(write)
      },
    }
  }

  #id(clock: number): { client: number; clock: number } {
    return { client: this.#client, clock }
  }

  #isNews(writer: Writer, n: number): boolean {
    return writer !== this.writer && n > (this.#named.get(writer) ?? 0)
  }
}
