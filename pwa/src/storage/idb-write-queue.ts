/**
 * Group commit: writes that wait while a transaction is under way share the next one. Each has a
 * promise of its own, and one that cannot be stored fails alone.
 */
import type { DocName } from '@wardline/core/base/ids'
import type { IdbConnection, Use } from './idb-connection.ts'
import type { IdbStoreName } from './idb-schema.ts'
import { IdbWriteView } from './idb-write-view.ts'

export interface IdbWriteJob<T> {
  stores: readonly IdbStoreName[]
  /** Documents whose records it needs, so that they are read ahead. */
  docs?: readonly DocName[]
  /** A document that it adds rows to. */
  adds?: DocName
  /** The person's own words: wait for the disk, not only for the operating system. */
  strict?: boolean
  run(view: IdbWriteView): Promise<T> | T
}

interface Waiting {
  job: IdbWriteJob<unknown>
  /** Runs alone, and this after it, before any other write. */
  then?: () => Promise<void>
  resolve(value: unknown): void
  reject(reason: unknown): void
}

/** Bounds a transaction: it holds up the other tabs. */
const largestGroup = 256

export class IdbWriteQueue {
  readonly #connection: IdbConnection
  readonly #waiting: Waiting[] = []
  #draining: Promise<void> | undefined

  constructor(connection: IdbConnection) {
    this.#connection = connection
  }

  /** Resolves on `complete` of the transaction that held the write. */
  write<T>(job: IdbWriteJob<T>, then?: () => Promise<void>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        job,
        ...(then && { then }),
        // Only what this job's `run` returned is ever handed to it.
        resolve: (value) => resolve(value as T),
        reject,
      })
      this.#draining ??= this.#drain()
    })
  }

  /** When all writes so far have settled. */
  async settled(): Promise<void> {
    await this.#draining
  }

  async #drain(): Promise<void> {
    // Writes of one turn share a transaction.
    await null
    while (this.#waiting.length > 0) await this.#commit(this.#nextGroup())
    this.#draining = undefined
  }

  #nextGroup(): Waiting[] {
    const alone = this.#waiting.findIndex(({ then }) => then !== undefined)
    const end = alone === -1 ? this.#waiting.length : Math.max(alone, 1)
    return this.#waiting.splice(0, Math.min(end, largestGroup))
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      const values = await this.#connection.run(transact(group))
      for (const { then } of group) await then?.()
      for (const [index, { resolve }] of group.entries()) resolve(values[index])
    } catch (error) {
      if (group.length === 1) for (const { reject } of group) reject(error)
      // Nothing of the group is stored. Each alone, so that one too large takes no other with it.
      else for (const waiting of group) await this.#commit([waiting])
    }
  }
}

/** Runs the group in one transaction; its results, when that is complete. */
const transact =
  (group: readonly Waiting[]): Use<unknown[]> =>
  async (database, signal) => {
    const stores = [...new Set(group.flatMap(({ job }) => job.stores))]
    const durability = group.some(({ job }) => job.strict) ? 'strict' : 'relaxed'
    const transaction = database.transaction(stores, 'readwrite', { durability })
    // Ends also while a request is waited for, which then fails with it.
    const done = transaction.done
    done.catch(() => {})
    const end = () => {
      try {
        transaction.abort()
      } catch {
        // It has ended by itself.
      }
    }
    signal.addEventListener('abort', end)
    const view = new IdbWriteView(transaction)
    try {
      const docs = group.flatMap(({ job }) => job.docs ?? [])
      if (docs.length > largestGroup) view.readRecords()
      else for (const doc of docs) view.record(doc)
      view.prepare(group.flatMap(({ job }) => job.adds ?? []))
      const values: unknown[] = []
      for (const { job } of group) values.push(await job.run(view))
      await view.finish()
      await done
      return values
    } catch (error) {
      end()
      await done.catch(() => {})
      // Says more (quota) than the request that ended with it (abort).
      throw transaction.error ?? error
    }
  }
