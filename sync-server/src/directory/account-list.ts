/**
 * All accounts in memory, by name: lists of people are asked for a page at a time, and reading ten
 * thousand records for each would be felt.
 */
import { setImmediate } from 'node:timers/promises'
import { type KnownNames, knownNames } from '@wardline/core/words/match-name'
import type { Store, StoredRecord } from '../storage/store.ts'
import { createdAtOf, readUser, USER_PREFIX, type User, userKey } from './user.ts'

export interface Account {
  readonly user: User
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** Name, specialty, birth date and e-mail address, to be looked for. */
  readonly names: KnownNames
}

/** Milliseconds for which the list is taken from memory: how late a new account may show. */
const AGE = 5_000
/** Accounts that are read before others have their turn; some 50 µs each. */
const AT_ONCE = 200

const collator = new Intl.Collator('en')
const byName = ({ user: one }: Account, { user: other }: Account): number =>
  collator.compare(one.name, other.name) || (one.id < other.id ? -1 : 1)

interface Kept {
  readonly version: number
  readonly account: Account
}

export class AccountList {
  readonly #store: Pick<Store, 'listRecords'>
  readonly #elapsed: () => number
  /** By key of their records; only what has changed is read anew. */
  #kept: ReadonlyMap<string, Kept> = new Map()
  /** The same by name. */
  #accounts: readonly Account[] = []
  /** When they were read; undefined: they may be others by now. */
  #at: number | undefined
  /** Of this era, for all who ask meanwhile. */
  #reading: Promise<readonly Account[]> | undefined
  /** Grows with each change. */
  #era = 0

  /** @param elapsed milliseconds since some moment */
  constructor(store: Pick<Store, 'listRecords'>, elapsed: () => number) {
    this.#store = store
    this.#elapsed = elapsed
  }

  /** By name. Rejects with `StoreError`. */
  async all(): Promise<readonly Account[]> {
    if (this.#at !== undefined && this.#elapsed() - this.#at < AGE) return this.#accounts
    this.#reading ??= this.#read(this.#era).finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  /** An account is new, or another one: whoever asks from now on is told. */
  changed(): void {
    this.#era++
    this.#at = undefined
    this.#reading = undefined
  }

  /** After a failed write nobody knows what the store holds until it is read again. */
  forget(): void {
    this.changed()
    this.#kept = new Map()
    this.#accounts = []
  }

  async #read(era: number): Promise<readonly Account[]> {
    const at = this.#elapsed()
    const [kept, before] = [this.#kept, this.#accounts]
    const records = await this.#store.listRecords(USER_PREFIX)
    const next = new Map<string, Kept>()
    const fresh: Account[] = []
    for (const record of records) {
      const known = kept.get(record.key)
      if (known?.version === record.version) {
        next.set(record.key, known)
        continue
      }
      const account = accountOf(record)
      next.set(record.key, { version: record.version, account })
      fresh.push(account)
      if (fresh.length % AT_ONCE === 0) await setImmediate()
    }
    const isSame = fresh.length === 0 && next.size === kept.size
    const accounts = isSame ? before : sorted(before, next, fresh)
    // Somebody may have written meanwhile: then this is for who asked before that.
    if (era !== this.#era) return accounts
    this.#kept = next
    this.#accounts = accounts
    this.#at = at
    return accounts
  }
}

const accountOf = ({ value }: StoredRecord): Account => {
  const user = readUser(value)
  const { name, specialty = '', birthDate = '', email = '' } = user
  const names = knownNames(name, specialty, birthDate, email)
  return { user, createdAt: createdAtOf(value), names }
}

/** Those of before that are still so, with the fresh ones in their places: few are, mostly. */
const sorted = (
  before: readonly Account[],
  now: ReadonlyMap<string, Kept>,
  fresh: Account[],
): readonly Account[] => {
  const stayed = before.filter((account) => now.get(userKey(account.user.id))?.account === account)
  const arrived = fresh.sort(byName)
  const all: Account[] = []
  for (const account of stayed) {
    for (
      let next = arrived[0];
      next !== undefined && byName(next, account) < 0;
      next = arrived[0]
    ) {
      all.push(next)
      arrived.shift()
    }
    all.push(account)
  }
  return [...all, ...arrived]
}
