import type { Timers } from '../sync/timers.ts'

/** Does the work once. Returns after how many ms to try again, if that makes sense; 0: as usual. */
export type Attempt = () => Promise<number | undefined>

interface Job {
  readonly attempt: Attempt
  tries: number
}

export interface PushQueueOptions {
  readonly timers: Timers
  /** Attempts at the same time. */
  readonly concurrency: number
  /** Jobs that run, wait their turn or wait to be tried again. */
  readonly limit: number
  readonly onError: (error: unknown) => void
  /** From 0 to 1. */
  readonly random?: () => number
}

const MAX_TRIES = 5
const FIRST_RETRY_MS = 2_000
/** Who asks for a longer wait is not asked again. */
const LONGEST_RETRY_MS = 3_600_000

/** Runs a bounded number of jobs, a few at a time, and again while that makes sense. */
export class PushQueue {
  readonly #options: PushQueueOptions
  readonly #ready: Job[] = []
  readonly #waiting = new Set<() => void>()
  #running = 0
  #stopped = false
  #whenIdle: (() => void)[] = []

  constructor(options: PushQueueOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#ready.length + this.#running + this.#waiting.size
  }

  /** False when it is full: the job was and will not be run. */
  add(attempt: Attempt): boolean {
    if (this.#stopped || this.size >= this.#options.limit) return false
    this.#ready.push({ attempt, tries: 0 })
    this.#pump()
    return true
  }

  /** Forgets what waits; resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#ready.length = 0
    for (const cancel of this.#waiting) cancel()
    this.#waiting.clear()
    if (this.#running > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
  }

  #pump(): void {
    while (this.#running < this.#options.concurrency) {
      const job = this.#ready.shift()
      if (job === undefined) return
      this.#running++
      void this.#run(job)
    }
  }

  async #run(job: Job): Promise<void> {
    let again: number | undefined
    try {
      again = await job.attempt()
    } catch (error) {
      this.#options.onError(error)
    }
    this.#running--
    job.tries++
    if (again !== undefined) this.#later(job, again)
    this.#pump()
    if (this.#running > 0) return
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  #later(job: Job, asked: number): void {
    const { timers, random = Math.random } = this.#options
    if (this.#stopped || job.tries >= MAX_TRIES || asked > LONGEST_RETRY_MS) return
    // 2 s, 8 s, 32 s, 128 s, each up to half as long again, so that not all come back at once.
    const usual = FIRST_RETRY_MS * 4 ** (job.tries - 1) * (1 + random() / 2)
    const cancel = timers.after(Math.max(asked, usual), () => {
      this.#waiting.delete(cancel)
      this.#ready.push(job)
      this.#pump()
    })
    this.#waiting.add(cancel)
  }
}
