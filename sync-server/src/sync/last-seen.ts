import type { UserId } from '@wardline/core/base/ids'
import type { Timers } from '../base/timers.ts'
import type { Store } from '../storage/store.ts'
import type { Log } from './ports.ts'

const keyOf = (user: UserId): string => `last-seen/${user}`
/** Users whose time is kept in memory. */
const KEPT = 10_000

/**
 * When people were last online, in ms. Written in batches and at best effort: after a crash the
 * times of the last seconds are missing, which nobody relies on.
 */
export class LastSeen {
  readonly #store: Store
  readonly #timers: Timers
  readonly #everyMs: number
  readonly #log: Log
  readonly #known = new Map<UserId, number>()
  readonly #unsaved = new Map<UserId, number>()
  #cancel: (() => void) | undefined

  constructor(store: Store, timers: Timers, everyMs: number, log: Log) {
    this.#store = store
    this.#timers = timers
    this.#everyMs = everyMs
    this.#log = log
  }

  note(user: UserId, at: number): void {
    this.#keep(user, at)
    this.#unsaved.set(user, at)
    this.#cancel ??= this.#timers.after(this.#everyMs, () => void this.save())
  }

  /** The times that are known, of these users. Rejects with `StoreError`. */
  async of(users: readonly UserId[]): Promise<ReadonlyMap<UserId, number>> {
    const unknown = users.filter((user) => !this.#known.has(user))
    const records = await this.#store.getRecords(unknown.map(keyOf))
    for (const user of unknown) {
      const value = records.get(keyOf(user))?.value
      // It may have become known while the store was read.
      if (!this.#known.has(user)) this.#keep(user, typeof value === 'number' ? value : 0)
    }
    return new Map(users.map((user) => [user, this.#known.get(user) ?? 0]))
  }

  /** Writes what is not written yet. Never rejects. */
  async save(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    if (this.#unsaved.size === 0) return
    const records = [...this.#unsaved].map(([user, at]) => ({ key: keyOf(user), value: at }))
    this.#unsaved.clear()
    try {
      await this.#store.commit({ records })
    } catch (error) {
      this.#log('warn', 'last-seen.not-saved', { message: String(error), count: records.length })
    }
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #keep(user: UserId, at: number): void {
    this.#known.delete(user)
    this.#known.set(user, at)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT) break
      this.#known.delete(oldest)
    }
  }
}
