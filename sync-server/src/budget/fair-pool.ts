import { FairQueue, type Party } from './fair-queue.ts'

interface Waiting {
  readonly signal: AbortSignal | undefined
  begin(): void
  turnAway(): void
}

export interface FairPoolOptions {
  readonly concurrency: number
  /** Beyond it whoever has most waiting is turned away, and not who came last. */
  readonly maxWaiting: number
}

/** Runs costly jobs a few at a time, and lets everybody who waits have the next turn in turn. */
export class FairPool {
  readonly #options: FairPoolOptions
  readonly #line = new FairQueue<Waiting>()
  #running = 0

  constructor(options: FairPoolOptions) {
    this.#options = options
  }

  /** How many wait. */
  get waiting(): number {
    return this.#line.size
  }

  /**
   * Undefined when too many are waiting, or when the signal says that nobody waits for the answer
   * any more: the job was and will not be run.
   */
  async run<T>(party: Party, job: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
    const { concurrency, maxWaiting } = this.#options
    if (this.#running < concurrency) this.#running++
    else {
      const may = await new Promise<boolean>((resolve) => {
        this.#line.push(party, {
          signal,
          begin: () => resolve(true),
          turnAway: () => resolve(false),
        })
        if (this.#line.size > maxWaiting) this.#line.dropHeaviest()?.turnAway()
      })
      // Whoever finishes hands its turn over, so `#running` stays as it is.
      if (!may) return undefined
    }
    try {
      return await job()
    } finally {
      this.#next()
    }
  }

  #next(): void {
    for (;;) {
      const next = this.#line.shift()
      if (next === undefined) {
        this.#running--
        return
      }
      if (next.signal?.aborted !== true) return next.begin()
      next.turnAway()
    }
  }
}
