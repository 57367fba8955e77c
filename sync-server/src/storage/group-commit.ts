import type { DocName } from '@wardline/core/base/ids'
import type { LevelDatabase } from './level-database.ts'
import { Staging } from './staging.ts'
import { StoreError } from './store-error.ts'

/** One batch gathers jobs up to about this many bytes (one job may be larger). */
const BATCH_BYTES = 4 * 1024 * 1024
/** Past this many bytes waiting, new jobs are refused. */
const WAITING_BYTES = 64 * 1024 * 1024
/** What a job costs besides its payload: keys, meta data, who waits. */
const JOB_BYTES = 512

/** Something to write. */
export interface Job {
  readonly docs: readonly DocName[]
  readonly records: readonly string[]
  readonly bytes: number
  /** Stages its operations, or throws and stages nothing. */
  stage(staging: Staging): void
  /** It is durable. */
  stored(): void
  /** With what `stage` threw, with `STORE_OVERLOADED`, or with `STORE_UNAVAILABLE`. */
  failed(error: unknown): void
}

/** What there is to do in a batch, for one who waits for a promise. */
export interface Task<T> {
  readonly docs: readonly DocName[]
  readonly bytes: number
  stage(staging: Staging): T
}

/**
 * Writes jobs in the order in which they came, all that are waiting in one durable batch; while
 * one batch is in flight the next one gathers. Those of a batch are told one after the other,
 * while the next batch is on its way to the disk already.
 *
 * `onFailure` is told when a batch could not be written, before those who wait for it are.
 */
export class GroupCommit {
  readonly #database: LevelDatabase
  readonly #onFailure: (error: unknown) => void
  readonly #onBatch: (ms: number) => void
  #waiting: Job[] = []
  #waitingBytes = 0
  #failure: StoreError | undefined
  /** The loop that writes batches, while there is something to write. */
  #running: Promise<void> | undefined

  /** @param onBatch told how long each durable write took, ms */
  constructor(
    database: LevelDatabase,
    onFailure: (error: unknown) => void,
    onBatch: (ms: number) => void = () => {},
  ) {
    this.#database = database
    this.#onFailure = onFailure
    this.#onBatch = onBatch
  }

  /** Tells the job what became of it, not before this returns. */
  submit(job: Job): void {
    const bytes = job.bytes + JOB_BYTES
    if (this.#failure !== undefined) return later(job, this.#failure)
    if (this.#waitingBytes + bytes > WAITING_BYTES)
      return later(job, new StoreError('STORE_OVERLOADED', 'too much waits to be written'))
    this.#waiting.push(job)
    this.#waitingBytes += bytes
    this.#running ??= this.#run()
  }

  /** Resolves with what `stage` returned once it is durable, or rejects as a job fails. */
  run<T>({ docs, bytes, stage }: Task<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let stored = (): void => {}
      this.submit({
        docs,
        records: [],
        bytes,
        stage(staging) {
          const result = stage(staging)
          stored = () => resolve(result)
        },
        stored: () => stored(),
        failed: reject,
      })
    })
  }

  /** Resolves when nothing is waiting or in flight. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  async #run(): Promise<void> {
    // Everything that arrived on a socket in this turn of the event loop joins the first batch.
    await new Promise(setImmediate)
    let durable: readonly Job[] = []
    while (this.#waiting.length > 0) {
      const batch = this.#take()
      const writing = this.#write(batch)
      tell(durable)
      try {
        durable = await writing
      } catch (error) {
        durable = []
        this.#fail(batch, error)
      }
    }
    this.#running = undefined
    tell(durable)
  }

  #take(): Job[] {
    let bytes = 0
    const end = this.#waiting.findIndex((job, i) => {
      const more = job.bytes + JOB_BYTES
      if (i > 0 && bytes + more > BATCH_BYTES) return true
      bytes += more
      return false
    })
    this.#waitingBytes -= bytes
    if (end !== -1) return this.#waiting.splice(0, end)
    const all = this.#waiting
    this.#waiting = []
    return all
  }

  /** Resolves with those that are durable; the others were told why not. */
  async #write(batch: readonly Job[]): Promise<readonly Job[]> {
    const loading = this.#database.load(batch)
    const staging = new Staging(loading instanceof Promise ? await loading : loading)
    const staged: Job[] = []
    for (const job of batch) {
      try {
        job.stage(staging)
        staged.push(job)
      } catch (error) {
        job.failed(error)
      }
    }
    const startedAt = performance.now()
    await this.#database.write(staging)
    this.#onBatch(performance.now() - startedAt)
    return staged
  }

  #fail(batch: readonly Job[], cause: unknown): void {
    this.#failure = new StoreError('STORE_UNAVAILABLE', 'a write to the store failed', cause)
    this.#onFailure(cause)
    for (const job of [...batch, ...this.#waiting.splice(0)]) job.failed(this.#failure)
    this.#waitingBytes = 0
  }
}

const tell = (jobs: readonly Job[]): void => {
  for (const job of jobs) {
    try {
      job.stored()
    } catch (error) {
      // A fault of whoever waits; it is no failure of the store, and none of the others'.
      queueMicrotask(() => {
        throw error
      })
    }
  }
}

const later = (job: Job, error: unknown): void => queueMicrotask(() => job.failed(error))
