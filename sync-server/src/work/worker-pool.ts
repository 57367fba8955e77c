/** Where long work is done for people: each waits for the others' turns, and not for all their work. */
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Serial } from '@wardline/core/base/serial'
import { systemTimers, type Timers } from '../base/timers.ts'
import { FairPool } from '../budget/fair-pool.ts'
import type { Updates } from '../storage/merge.ts'
import { type JobArgs, type JobName, type JobResult, type Jobs, openJobs, runJob } from './jobs.ts'
import { Thread } from './thread.ts'

/** Whose work it is when nobody asked for it. */
export const SERVER = ''
/** Work on so few bytes is done at once: it takes some ms at most, and a thread has to be told. */
export const MAX_AT_ONCE = 32 * 1024
/**
 * Work on so few bytes takes some 60 ms at most, whatever they are, and has a thread of its own: a
 * month as people write it does not stand behind one that somebody filled up.
 */
export const MAX_LIGHT = 192 * 1024
/** Jobs that wait, for each thread. */
export const MAX_JOBS_WAITING = 1000
/** Threads for what is heavier, at most. One processor stays with the event loop. */
const MAX_THREADS = 4
/** How much less urgent heavy work is than the event loop, as Unix counts it. */
const NICE = 5
/** Work of somebody longer than this, ms, is followed by as long a rest from their work. */
const LONG_MS = 50

/** So much waits already that this work was not done. */
export class WorkRefused extends Error {
  override readonly name = 'WorkRefused'
}

/** What a job works with. It is read when its turn has come: what waits takes no memory. */
export interface Material<N extends JobName> {
  readonly updates: Updates
  readonly args: Readonly<JobArgs<N>>
}

export interface Executor {
  /** Changes when what it kept of this document may be gone. */
  era(doc: string): number
  /**
   * Does a job on a document for somebody, one after the other for each document. Rejects with
   * {@link WorkRefused}, and with what `read` rejects with.
   *
   * @param who a person, or {@link SERVER}
   */
  run<N extends JobName>(
    who: string,
    doc: string,
    name: N,
    read: () => Promise<Material<N>>,
  ): Promise<JobResult<N>>
}

export interface WorkerPool {
  /** Where work on so many bytes is done. */
  at(bytes: number): Executor
  stop(): Promise<void>
}

/** The one that is there in the compiled server; the sources have none that Node could run. */
const ENTRY = new URL('./work-thread.js', import.meta.url)

/** Threads, if they can be had; otherwise everything is done in place. */
export const openWorkerPool = (entry: URL = ENTRY): WorkerPool => {
  const here = new InlineExecutor()
  if (!existsSync(fileURLToPath(entry))) return { at: () => here, stop: async () => {} }
  const threads = Array.from(
    { length: Math.max(1, Math.min(MAX_THREADS, availableParallelism() - 1)) },
    () => new Thread(entry, NICE),
  )
  const quick = new Thread(entry, 0)
  const light = new PooledExecutor([quick])
  const heavy = new PooledExecutor(threads)
  return {
    at: (bytes) => (bytes <= MAX_AT_ONCE ? here : bytes <= MAX_LIGHT ? light : heavy),
    stop: async () => void (await Promise.all([quick, ...threads].map((thread) => thread.stop()))),
  }
}

/** Does all work where it is asked for. */
export class InlineExecutor implements Executor {
  readonly #jobs: Jobs
  readonly #serial = new Serial<string>()

  constructor(jobs = openJobs()) {
    this.#jobs = jobs
  }

  era(): number {
    return 0
  }

  run<N extends JobName>(
    _who: string,
    doc: string,
    name: N,
    read: () => Promise<Material<N>>,
  ): Promise<JobResult<N>> {
    return this.#serial.run(doc, async () => {
      const { updates, args } = await read()
      return (await runJob(this.#jobs, name, updates, args)) as JobResult<N>
    })
  }
}

/** Somebody who does one job at a time. */
export interface JobRunner {
  run(name: JobName, updates: Updates, args: readonly unknown[]): Promise<unknown>
  /** Counts the times that it was begun anew. */
  readonly era: number
}

/** Does work in other threads, beside the event loop. */
export class PooledExecutor implements Executor {
  readonly #runners: readonly { readonly runner: JobRunner; readonly pool: FairPool }[]
  readonly #timers: Timers
  /** Until when work of people rests, on a clock that only goes forward. */
  readonly #rests = new Map<string, number>()

  constructor(runners: readonly JobRunner[], timers: Timers = systemTimers) {
    this.#timers = timers
    this.#runners = runners.map((runner) => ({
      runner,
      pool: new FairPool({ concurrency: 1, maxWaiting: MAX_JOBS_WAITING }),
    }))
  }

  era(doc: string): number {
    return this.#runnerOf(doc).runner.era
  }

  async run<N extends JobName>(
    who: string,
    doc: string,
    name: N,
    read: () => Promise<Material<N>>,
  ): Promise<JobResult<N>> {
    const { runner, pool } = this.#runnerOf(doc)
    await this.#rest(who)
    const done = await pool.run({ group: who, member: '' }, async () => {
      const { updates, args } = await read()
      const began = this.#timers.elapsed()
      try {
        return { result: await runner.run(name, updates, args) }
      } finally {
        this.#worked(who, this.#timers.elapsed() - began)
      }
    })
    if (done === undefined) throw new WorkRefused('too much work waits')
    return done.result as JobResult<N>
  }

  /** The same for a document every time: what is kept of it is there. */
  #runnerOf(doc: string) {
    let hash = 0
    for (let i = 0; i < doc.length; i++) hash = (Math.imul(hash, 31) + doc.charCodeAt(i)) >>> 0
    const found = this.#runners[hash % this.#runners.length]
    if (found === undefined) throw new Error('there are runners')
    return found
  }

  #worked(who: string, ms: number): void {
    const now = this.#timers.elapsed()
    for (const [other, until] of this.#rests) if (until <= now) this.#rests.delete(other)
    if (ms >= LONG_MS && who !== SERVER) this.#rests.set(who, now + ms)
  }

  async #rest(who: string): Promise<void> {
    for (;;) {
      const left = (this.#rests.get(who) ?? 0) - this.#timers.elapsed()
      if (left <= 0) return
      await new Promise<void>((resolve) => this.#timers.after(left, resolve))
    }
  }
}
