import type { UserId } from '@wardline/core/base/ids'
import { Lru } from '../base/lru.ts'
import { rowsOf, sizeOf } from '../storage/doc-content.ts'
import type { Row, Store } from '../storage/store.ts'
import type { WorkerPool } from '../work/worker-pool.ts'
import type { HostedDoc } from './hosted-doc.ts'
import type { UserBuckets } from './user-buckets.ts'

/** Documents whose state vectors are kept. */
const MAX_VECTORS = 1000
/** Bytes of a state vector that is kept. */
const MAX_VECTOR_BYTES = 4096

interface Vector {
  readonly head: number
  readonly bytes: Promise<Uint8Array>
}

/** What takes the whole of a document to say: charged to who asks, and done in the worker pool. */
export class DocWork {
  readonly #store: Store
  readonly #workers: WorkerPool
  readonly #buckets: UserBuckets
  #vectors = new Lru<string, Vector>(MAX_VECTORS)

  constructor(store: Store, workers: WorkerPool, buckets: UserBuckets) {
    this.#store = store
    this.#workers = workers
    this.#buckets = buckets
    // After a failed write the same head may stand for other content.
    store.onReset(() => {
      this.#vectors = new Lru(MAX_VECTORS)
    })
  }

  /** See `FeedSink.lacking`. Rejects with `StoreError`, and with `WorkRefused`. */
  async lacking(
    user: UserId,
    { name, bytes }: HostedDoc,
    stateVector: Uint8Array,
  ): Promise<Row | undefined> {
    let head = 0
    const update = await this.#workers.at(bytes).run(user, name, 'diff', async () => {
      const content = await this.#read(user, name)
      head = content.head
      return { updates: content.updates, args: [stateVector] as const }
    })
    return update && { head, update }
  }

  /** Of what is durable. Worked out once for a head, whoever and however many ask. */
  stateVector(user: UserId, hosted: HostedDoc): Promise<Uint8Array> {
    const { name, head } = hosted
    const known = this.#vectors.get(name)
    if (known?.head === head) return known.bytes
    const vector = { head, bytes: this.#stateVector(user, hosted) }
    this.#vectors.set(name, vector)
    const forget = (): void => {
      if (this.#vectors.get(name) === vector) this.#vectors.delete(name)
    }
    vector.bytes.then(({ length }) => {
      if (length > MAX_VECTOR_BYTES) forget()
    }, forget)
    return vector.bytes
  }

  #stateVector(user: UserId, { name, bytes }: HostedDoc): Promise<Uint8Array> {
    return this.#workers.at(bytes).run(user, name, 'stateVector', async () => {
      const { updates } = await this.#read(user, name)
      return { updates, args: [] as const }
    })
  }

  async #read(user: UserId, name: HostedDoc['name']) {
    const content = await this.#store.read(name)
    this.#buckets.take(user, sizeOf(content))
    return { head: content.head, updates: rowsOf(content).map(({ update }) => update) }
  }
}
