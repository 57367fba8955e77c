import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Updates } from '../storage/merge.ts'
import type { JobName } from './jobs.ts'
import { pack } from './packed.ts'
import type { Answer } from './work-thread.ts'
import type { JobRunner } from './worker-pool.ts'

/** What a job may take of memory before it is ended, MB: more than the largest page needs. */
const HEAP_MB = 1024

/** One thread; begun with its first job, and anew when a job was too much for it. */
export class Thread implements JobRunner {
  readonly #entry: URL
  readonly #nice: number
  #worker: Worker | undefined
  #waiting: { done(value: unknown): void; fail(error: unknown): void } | undefined
  era = 0

  /** @param nice how much less urgent it is than others, as Unix counts it */
  constructor(entry: URL, nice: number) {
    this.#entry = entry
    this.#nice = nice
  }

  async run(name: JobName, updates: Updates, args: readonly unknown[]): Promise<unknown> {
    if (this.#waiting !== undefined) throw new Error('a thread does one job at a time')
    const packed = await pack(updates)
    return new Promise((done, fail) => {
      this.#waiting = { done, fail }
      this.#start().postMessage({ name, packed, args }, [packed.buffer])
    })
  }

  async stop(): Promise<void> {
    const worker = this.#worker
    this.#worker = undefined
    await worker?.terminate()
    this.#settle(({ fail }) => fail(new Error('the server is going down')))
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker
    const worker = new Worker(this.#entry, {
      // Whoever starts the server for tests or benches tells it things that are not for threads.
      execArgv: [],
      workerData: this.#nice,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    })
    this.#worker = worker
    // A server that has nothing else to do may end.
    worker.unref()
    worker.on('message', (answer: Answer) =>
      this.#settle(({ done, fail }) =>
        answer.ok ? done(answer.value) : fail(new Error(answer.error)),
      ),
    )
    const lost = (error: unknown): void => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.era++
      this.#settle(({ fail }) => fail(error))
    }
    worker.on('error', lost)
    void once(worker, 'exit').then(() => lost(new Error('the thread has ended')), lost)
    return worker
  }

  #settle(tell: (waiting: { done(value: unknown): void; fail(error: unknown): void }) => void) {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined) tell(waiting)
  }
}
