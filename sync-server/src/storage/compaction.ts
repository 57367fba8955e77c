import type { DocName } from '@wardline/core/base/ids'
import { Backoff } from '@wardline/core/time/backoff'
import { Lru } from '../base/lru.ts'
import { systemTimers, type Timers } from '../base/timers.ts'
import { type Merged, mergeUpdates, type Updates } from './merge.ts'
import type { DocSizes, Store } from './store.ts'

/**
 * A tail lighter than this is never worth compacting by its bytes. Compacting a document whenever its
 * tail outweighs its snapshot costs twice its weight in all; and who fetches a month reads a row for
 * everything said in it, or one.
 */
const TAIL_BYTES_FLOOR = 16 * 1024
/** A tail longer than this is compacted whatever it weighs: applying rows costs by the row. */
const TAIL_ROWS_LIMIT = 1000

export type Compaction =
  /** `rows` went into a snapshot of `bytes` bytes that covers everything up to `head`. */
  | {
      readonly kind: 'compacted'
      readonly head: number
      readonly rows: number
      readonly bytes: number
    }
  | { readonly kind: 'nothing-to-do' }
  /** Rows refer to something that is not there; a snapshot might freeze the gap, so none was made. */
  | { readonly kind: 'incomplete'; readonly head: number; readonly rows: number }

/** Makes one update of many, which weigh so much; undefined when something is missing. */
export type Merge = (doc: DocName, updates: Updates, bytes: number) => Promise<Merged | undefined>

const mergeHere: Merge = async (_doc, updates) => mergeUpdates(updates)

/**
 * Merges a document's snapshot and tail into a new snapshot. Rows that arrive meanwhile stay in
 * the tail. A crash at any moment leaves either the old content or the new one.
 *
 * Yjs works some 20 µs for a row, where `merge` does it. Content that was deleted is gone
 * from the snapshot, but stays in the rows that the store keeps behind it, unless `keep` is 0.
 */
export const compactDoc = async (
  store: Pick<Store, 'read' | 'compact'>,
  doc: DocName,
  keep?: number,
  merge: Merge = mergeHere,
): Promise<Compaction> => {
  const { head, snapshot, tail } = await store.read(doc)
  if (head === 0 || (tail.length === 0 && keep !== 0)) return { kind: 'nothing-to-do' }
  const rows = [...(snapshot?.updates ?? []), ...tail.map(({ update }) => update)]
  const weight = rows.reduce((sum, { length }) => sum + length, 0)
  const merged = await merge(doc, rows, weight)
  if (merged === undefined) return { kind: 'incomplete', head, rows: tail.length }
  const { bytes, updates } = merged
  await store.compact(doc, { head, updates }, keep)
  return { kind: 'compacted', head, rows: tail.length, bytes }
}

export interface CompactorOptions {
  /** Told what became of each compaction, for the log. */
  readonly onDone?: (doc: DocName, result: Compaction) => void
  /** Told of each failure; the document is looked at again after a while. */
  readonly onError?: (doc: DocName, error: unknown) => void
  readonly timers?: Timers
  /** Where Yjs works; here, if it is left out. */
  readonly merge?: Merge
}

/** What fits before a tail outweighs its snapshot; less than nothing when it does. */
const roomOf = ({ tailRows, tailBytes, snapshotBytes }: DocSizes): Room => ({
  rows: TAIL_ROWS_LIMIT - tailRows,
  bytes: Math.max(snapshotBytes, TAIL_BYTES_FLOOR) - tailBytes,
})

/** Whether a tail outweighs its snapshot, so that the work pays for itself. */
export const isDue = (sizes: DocSizes): boolean => {
  const { rows, bytes } = roomOf(sizes)
  return rows < 0 || bytes < 0
}

/** Work shorter than this, ms, needs no rest after it. */
const SHORT_MS = 50
/** For each ms of work as many of rest, up to the longest: it is somebody's large documents that make it long. */
const REST = 4
const LONGEST_REST_MS = 10_000

/** Documents of which it is remembered how much may come before they are looked at again. */
const KNOWN = 20_000

/** How long a document rests after it could not be compacted, ms. */
const RETRY = { first: 30_000, longest: 3_600_000 }

/** What may still be appended to a document before it can be due. */
interface Room {
  rows: number
  bytes: number
}

interface Failing {
  readonly backoff: Backoff
  readonly cancel: () => void
}

/** Compacts documents that need it, one at a time, off the hot path, and never most of the time. */
export class Compactor {
  readonly #store: Store
  readonly #options: CompactorOptions
  readonly #waiting = new Set<DocName>()
  /** Those of the waiting in which something was deleted that has to go from the disk. */
  readonly #erasing = new Set<DocName>()
  /** Those that could not be compacted. They rest meanwhile. */
  readonly #failing = new Map<DocName, Failing>()
  readonly #room = new Lru<DocName, Room>(KNOWN)
  /** Tail rows at which an incomplete document is tried again: not after each append. */
  readonly #retryAt = new Lru<DocName, number>(1000)
  #running: Promise<void> | undefined
  /** ms. */
  #restsUntil = 0
  #endRest: (() => void) | undefined
  #stopped = false

  constructor(store: Store, options: CompactorOptions = {}) {
    this.#store = store
    this.#options = options
  }

  /** Notes that a document grew by a row. Cheap: the store is asked only when it can be due. */
  consider(doc: DocName, bytes: number): void {
    if (this.#stopped || this.#failing.has(doc)) return
    const room = this.#room.get(doc)
    if (room === undefined) return this.#look(doc)
    room.rows--
    room.bytes -= bytes
    if (room.rows < 0 || room.bytes < 0) this.#look(doc)
  }

  /** Something in the document was deleted: takes it off the disk soon, whatever that costs. */
  erase(doc: DocName): void {
    this.#erasing.add(doc)
    if (!this.#stopped && !this.#failing.has(doc)) this.#look(doc)
  }

  /** Erases what an earlier process had no time for. Rejects with `StoreError`. */
  async resume(): Promise<void> {
    for (const doc of await this.#store.toErase()) this.erase(doc)
  }

  /** Documents that still hold something that was deleted, because they cannot be compacted. */
  get unerased(): readonly DocName[] {
    return [...this.#failing.keys()].filter((doc) => this.#erasing.has(doc))
  }

  /** Resolves when every document considered so far was looked at. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  /** Takes no more work and resolves when what is under way is done. Before closing the store. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#waiting.clear()
    for (const { cancel } of this.#failing.values()) cancel()
    this.#endRest?.()
    await this.idle()
  }

  async #run(): Promise<void> {
    const { timers = systemTimers } = this.#options
    for (;;) {
      await new Promise(setImmediate) // let sockets be served between two documents
      const [doc] = this.#waiting
      if (doc === undefined) break
      // No longer than that, whatever somebody does to the clock.
      await this.#rest(Math.min(this.#restsUntil - timers.elapsed(), LONGEST_REST_MS))
      if (this.#stopped) break
      this.#waiting.delete(doc)
      const started = timers.elapsed()
      try {
        await this.#compact(doc)
        this.#failing.delete(doc)
      } catch (error) {
        this.#options.onError?.(doc, error)
        if (!this.#stopped) this.#retry(doc)
      }
      const worked = timers.elapsed() - started
      if (worked >= SHORT_MS)
        this.#restsUntil = timers.elapsed() + Math.min(worked * REST, LONGEST_REST_MS)
    }
    this.#running = undefined
  }

  /** Sockets are served meanwhile. */
  #rest(ms: number): Promise<void> {
    if (this.#stopped || ms <= 0) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = (this.#options.timers ?? systemTimers).after(ms, resolve)
      this.#endRest = () => {
        cancel()
        resolve()
      }
    })
  }

  #look(doc: DocName): void {
    this.#waiting.add(doc)
    this.#running ??= this.#run()
  }

  async #compact(doc: DocName): Promise<void> {
    const erases = this.#erasing.has(doc)
    this.#room.delete(doc)
    const sizes = await this.#store.sizes(doc)
    if (!erases && !isDue(sizes)) return this.#room.set(doc, roomOf(sizes))
    const retryAt = this.#retryAt.get(doc) ?? 0
    if (!erases && sizes.tailRows < retryAt)
      return this.#room.set(doc, {
        rows: retryAt - sizes.tailRows - 1,
        bytes: Number.POSITIVE_INFINITY,
      })
    // What is deleted while it works needs another round.
    this.#erasing.delete(doc)
    try {
      const result = await compactDoc(this.#store, doc, erases ? 0 : undefined, this.#options.merge)
      if (result.kind === 'incomplete') {
        if (erases) throw new Error('it lacks something, so nothing can be taken off the disk')
        this.#retryAt.set(doc, result.rows * 2)
      }
      this.#options.onDone?.(doc, result)
    } catch (error) {
      if (erases) this.#erasing.add(doc)
      throw error
    }
  }

  #retry(doc: DocName): void {
    const { backoff = new Backoff(RETRY) } = this.#failing.get(doc) ?? {}
    const cancel = (this.#options.timers ?? systemTimers).after(backoff.next(), () => {
      if (!this.#stopped) this.#look(doc)
    })
    this.#failing.set(doc, { backoff, cancel })
  }
}
