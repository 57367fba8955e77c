/**
 * Which message came of which `Idempotency-Key`. The record is stored in the same commit as the
 * message: either both are there or neither. It holds no content, so taking the message back
 * leaves nothing behind.
 */
import { createHash } from 'node:crypto'
import type { UserId } from '@wardline/core/ids/ids'
import { z } from 'zod'
import type { RecordWrite, Store } from '../storage/store.ts'

/** How long a key is remembered, ms. */
export const KEY_LIFETIME = 24 * 3_600_000

const PREFIX = 'idempotency/'
const recordSchema = z.object({ message: z.string(), at: z.number() })

/** What is known of a key. */
export interface KnownKey {
  /** Id of the message that was sent with it; undefined when it is new, or too old. */
  readonly message: string | undefined
  /** For {@link IdempotencyKeys.claim}. */
  readonly version: number
}

type KeyStore = Pick<Store, 'getRecord' | 'listRecords' | 'commit'>

export class IdempotencyKeys {
  readonly #store: KeyStore
  readonly #now: () => number

  constructor(store: KeyStore, now: () => number) {
    this.#store = store
    this.#now = now
  }

  /** Of one caller: keys of others are others. Hashed, because a record's key is short ASCII. */
  recordKey(user: UserId, key: string): string {
    return `${PREFIX}${user}/${createHash('sha256').update(key).digest('hex')}`
  }

  /** Rejects with `StoreError`. */
  async find(recordKey: string): Promise<KnownKey> {
    const found = await this.#store.getRecord(recordKey)
    if (found === undefined) return { message: undefined, version: 0 }
    const { message, at } = recordSchema.parse(found.value)
    const fresh = this.#now() - at < KEY_LIFETIME
    return { message: fresh ? message : undefined, version: found.version }
  }

  /** To be stored with the message; a conflict if somebody else was faster. */
  claim(recordKey: string, known: KnownKey, message: string): RecordWrite {
    return { key: recordKey, value: { message, at: this.#now() }, expect: known.version }
  }

  /** Removes the records of keys that are not remembered any more; returns how many. */
  async removeExpired(): Promise<number> {
    const over = (await this.#store.listRecords(PREFIX)).filter(
      ({ value }) => this.#now() - recordSchema.parse(value).at >= KEY_LIFETIME,
    )
    for (const { key, version } of over)
      await this.#store.commit({ records: [{ key, value: null, expect: version }] })
    return over.length
  }
}
