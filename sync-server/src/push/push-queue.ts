import { Backoff } from '@wardline/core/time/backoff'
import type { Timers } from '../base/timers.ts'

/** Does the work once. Returns after how many ms to try again, if that makes sense; 0: as usual. */
export type Attempt = () => Promise<number | undefined>

interface Job {
  readonly owner: Owner
  readonly attempt: Attempt
  readonly backoff: Backoff
  tries: number
}

/** Somebody whose jobs take turns with those of others. */
interface Owner {
  readonly name: string
  readonly ready: Job[]
  running: number
  /** Jobs that run, wait their turn or wait to be tried again. */
  jobs: number
}

export interface PushQueueOptions {
  readonly timers: Timers
  /** Attempts at the same time. */
  readonly concurrency: number
  /** Jobs that run, wait their turn or wait to be tried again. */
  readonly limit: number
  /** Of that, what is for the jobs of one owner. */
  readonly each: { readonly concurrency: number; readonly limit: number }
  readonly onError: (error: unknown) => void
  /** From 0 to 1. */
  readonly random?: () => number
}

/** Over some two minutes, if nobody asks for longer waits. */
const MAX_TRIES = 7
/** Who asks for a longer wait is not asked again, ms. */
const LONGEST_RETRY_MS = 3_600_000
/** Between attempts, ms. */
const RETRY = { first: 2_000, longest: LONGEST_RETRY_MS, least: 2_000 }

/**
 * Runs a bounded number of jobs, a few at a time, and again while that makes sense. Owners take
 * turns: one whose jobs take long, which are others' servers, must not keep everybody waiting.
 */
export class PushQueue {
  readonly #options: PushQueueOptions
  /** Those who have jobs. */
  readonly #owners = new Map<string, Owner>()
  /** Those with jobs that could run, whose turn is next first. */
  readonly #turns = new Set<Owner>()
  readonly #waiting = new Set<() => void>()
  #size = 0
  #running = 0
  #stopped = false
  #whenIdle: (() => void)[] = []

  constructor(options: PushQueueOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#size
  }

  /** False when it is full, or its owner's part is: the job was and will not be run. */
  add(name: string, attempt: Attempt): boolean {
    const { limit, each, random = Math.random } = this.#options
    const owner = this.#owners.get(name) ?? { name, ready: [], running: 0, jobs: 0 }
    if (this.#stopped || this.#size >= limit || owner.jobs >= each.limit) return false
    this.#owners.set(name, owner)
    this.#size++
    owner.jobs++
    this.#makeReady({ owner, attempt, backoff: new Backoff(RETRY, random), tries: 0 })
    return true
  }

  /** Forgets what waits; resolves when nothing runs any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#turns.clear()
    for (const cancel of this.#waiting) cancel()
    this.#waiting.clear()
    if (this.#running > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
  }

  #makeReady(job: Job): void {
    job.owner.ready.push(job)
    this.#giveTurn(job.owner)
    this.#pump()
  }

  #giveTurn(owner: Owner): void {
    const may = !this.#stopped && owner.running < this.#options.each.concurrency
    if (may && owner.ready.length > 0) this.#turns.add(owner)
  }

  #pump(): void {
    for (const owner of this.#turns) {
      if (this.#running >= this.#options.concurrency) return
      this.#turns.delete(owner)
      const job = owner.ready.shift()
      if (job === undefined) continue
      this.#running++
      owner.running++
      this.#giveTurn(owner)
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
    job.owner.running--
    job.tries++
    if (again === undefined || !this.#later(job, again)) this.#end(job)
    this.#giveTurn(job.owner)
    this.#pump()
    if (this.#running > 0) return
    for (const resolve of this.#whenIdle.splice(0)) resolve()
  }

  #end({ owner }: Job): void {
    this.#size--
    owner.jobs--
    if (owner.jobs === 0) this.#owners.delete(owner.name)
  }

  /** False when it is not tried again. */
  #later(job: Job, asked: number): boolean {
    if (this.#stopped || job.tries >= MAX_TRIES || asked > LONGEST_RETRY_MS) return false
    const cancel = this.#options.timers.after(Math.max(asked, job.backoff.next()), () => {
      this.#waiting.delete(cancel)
      this.#makeReady(job)
    })
    this.#waiting.add(cancel)
    return true
  }
}
