import type { DocName } from '@wardline/core/base/ids'
import type { LevelDatabase } from './level-database.ts'
import { Staging } from './staging.ts'
import { StoreError } from './store-error.ts'

/** One batch gathers jobs up to about this many bytes (one job may be larger). */
const BATCH_BYTES = 4 * 1024 * 1024
/** Past this many bytes waiting, new jobs are refused. */
const WAITING_BYTES = 64 * 1024 * 1024
/** What a job costs besides its payload: keys, meta data, the promise. */
const JOB_BYTES = 512

/** Something to write. */
export interface Job<T> {
  readonly docs: readonly DocName[]
  readonly records: readonly string[]
  readonly bytes: number
  /** Stages its operations, or throws and stages nothing. */
  stage(staging: Staging): T
}

interface Waiting {
  readonly docs: readonly DocName[]
  readonly records: readonly string[]
  readonly bytes: number
  /** Stages the job; the function it returns tells the one who waits that it is durable. */
  stage(staging: Staging): () => void
  fail(error: unknown): void
}

/**
 * Writes jobs in the order in which they came, all that are waiting in one durable batch; while
 * one batch is in flight the next one gathers.
 *
 * `onFailure` is told when a batch could not be written, before those who wait for it are.
 */
export class GroupCommit {
  readonly #database: LevelDatabase
  readonly #onFailure: (error: unknown) => void
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #failure: StoreError | undefined
  /** The loop that writes batches, while there is something to write. */
  #running: Promise<void> | undefined

  constructor(database: LevelDatabase, onFailure: (error: unknown) => void) {
    this.#database = database
    this.#onFailure = onFailure
  }

  /**
   * Resolves with what `stage` returned once it is durable. Rejects with what `stage` threw, with
   * `STORE_OVERLOADED`, or with `STORE_UNAVAILABLE` when the batch failed.
   */
  submit<T>(job: Job<T>): Promise<T> {
    const bytes = job.bytes + JOB_BYTES
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#waitingBytes + bytes > WAITING_BYTES) {
      return Promise.reject(new StoreError('STORE_OVERLOADED', 'too much waits to be written'))
    }
    const done = new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        docs: job.docs,
        records: job.records,
        bytes,
        stage(staging) {
          const result = job.stage(staging)
          return () => resolve(result)
        },
        fail: reject,
      })
    })
    this.#waitingBytes += bytes
    this.#running ??= this.#run()
    return done
  }

  /** Resolves when nothing is waiting or in flight. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #run(): Promise<void> {
    // Everything that arrived on a socket in this turn of the event loop joins the first batch.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) {
      const batch = this.#take()
      try {
        await this.#write(batch)
      } catch (error) {
        this.#fail(batch, error)
      }
    }
    this.#running = undefined
  }

  #take(): Waiting[] {
    let bytes = 0
    const end = this.#waiting.findIndex((job, i) => {
      if (i > 0 && bytes + job.bytes > BATCH_BYTES) return true
      bytes += job.bytes
      return false
    })
    this.#waitingBytes -= bytes
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end)
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const staging = new Staging(
      await this.#database.load(
        batch.flatMap((job) => job.docs),
        batch.flatMap((job) => job.records),
      ),
    )
    const settle: (() => void)[] = []
    for (const job of batch) {
      try {
        settle.push(job.stage(staging))
      } catch (error) {
        job.fail(error)
      }
    }
    await this.#database.write(staging)
    for (const tell of settle) tell()
  }

  #fail(batch: readonly Waiting[], cause: unknown): void {
    this.#failure = new StoreError('STORE_UNAVAILABLE', 'a write to the store failed', cause)
    this.#onFailure(cause)
    for (const job of [...batch, ...this.#waiting.splice(0)]) job.fail(this.#failure)
    this.#waitingBytes = 0
  }
}
