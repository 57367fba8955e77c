/**
 * What came of which `Idempotency-Key`. The record is stored in the same commit as what was asked
 * for: either both are there or neither. It holds no content, so taking a message back leaves
 * nothing behind.
 */
import { createHash } from 'node:crypto'
import type { UserId } from '@wardline/core/base/ids'
import { Serial } from '@wardline/core/base/serial'
import { z } from 'zod'
import type { RecordWrite, Store } from '../storage/store.ts'

/** How long a key is remembered, ms. */
export const KEY_LIFETIME = 24 * 3_600_000

const PREFIX = 'idempotency/'
const outcomeSchema = z.union([
  /** Id of the message that was sent. */
  z.object({ message: z.string() }),
  /** Id of the group that was made, and a hash of what was asked for. */
  z.object({ group: z.string(), request: z.string() }),
])
const recordSchema = z.intersection(outcomeSchema, z.object({ at: z.number() }))

export type KeyOutcome = z.infer<typeof outcomeSchema>

/** A key of a caller, while a request with it is in work. */
export interface HeldKey {
  /** What came of the first request with it; undefined when it is new, or too old. */
  readonly first: KeyOutcome | undefined
  /** To be stored with what is made now; a conflict if another server was faster. */
  claim(outcome: KeyOutcome): RecordWrite
}

type KeyStore = Pick<Store, 'getRecord' | 'listRecords' | 'commit'>

export class IdempotencyKeys {
  readonly #store: KeyStore
  readonly #now: () => number
  readonly #serial = new Serial<string>()

  constructor(store: KeyStore, now: () => number) {
    this.#store = store
    this.#now = now
  }

  /** Runs one request after the other with the same key of the same caller. Rejects with `StoreError`. */
  hold<T>(user: UserId, key: string, use: (held: HeldKey) => Promise<T>): Promise<T> {
    const record = recordKey(user, key)
    return this.#serial.run(record, async () => {
      const found = await this.#store.getRecord(record)
      const known = found && recordSchema.parse(found.value)
      const isFresh = known !== undefined && this.#now() - known.at < KEY_LIFETIME
      return use({
        first: isFresh ? known : undefined,
        claim: (outcome) => ({
          key: record,
          value: { ...outcome, at: this.#now() },
          expect: found?.version ?? 0,
        }),
      })
    })
  }

  /** Removes the records of keys that are not remembered any more; returns how many. */
  async removeExpired(): Promise<number> {
    const now = this.#now()
    let over = 0
    for (const { key, value, version } of await this.#store.listRecords(PREFIX)) {
      const record = recordSchema.parse(value)
      const isOver = now - record.at >= KEY_LIFETIME
      // Noted while the clock ran ahead: it would be remembered until then.
      if (!isOver && record.at <= now) continue
      const next = isOver ? null : { ...record, at: now }
      await this.#store.commit({ records: [{ key, value: next, expect: version }] })
      if (isOver) over++
    }
    return over
  }
}

/** Of one caller: keys of others are others. Hashed, because a record's key is short ASCII. */
const recordKey = (user: UserId, key: string): string =>
  `${PREFIX}${user}/${createHash('sha256').update(key).digest('hex')}`
