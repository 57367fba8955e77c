/**
 * Whether the bytes on the disk are still those that their name says. They are hashed before they
 * are sent, unless that was done lately, and all of them again and again in the background. What is
 * another content by now is set aside, for whoever wants to know what happened, and never sent.
 */
import { Serial } from '@wardline/core/base/serial'
import { Lru } from '../base/lru.ts'
import type { Logger } from '../config/logger.ts'
import type { BlobStore } from './blob-store.ts'

/** For how long a look at a file holds, ms. */
const LOOK_HOLDS_MS = 600_000
/** Files of which a look is remembered. */
const REMEMBERED = 20_000
/** For each ms of work in the background so many of rest. */
const REST = 9
/** Between two rounds through all files, ms. */
const ROUND_MS = 6 * 3_600_000

export type FileState = 'whole' | 'damaged' | 'missing'

export interface FileGuardOptions {
  readonly blobs: BlobStore
  /** Hashes that some chat has, those that begin with two hexadecimal digits at a time. */
  readonly known: (prefix: string) => Promise<Iterable<string>>
  readonly log: Logger
  /** Of a clock that nobody sets, ms. */
  readonly elapsed?: () => number
  /** Waits so many ms, or until it is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
}

export class FileGuard {
  readonly #options: FileGuardOptions
  readonly #elapsed: () => number
  readonly #serial = new Serial<string>()
  /** When a file was found to be whole, and how it lay on the disk then. */
  readonly #seen = new Lru<string, { at: number; mark: string }>(REMEMBERED)
  readonly #lost = new Set<string>()
  readonly #stop = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(options: FileGuardOptions) {
    this.#options = options
    this.#elapsed = options.elapsed ?? (() => performance.now())
  }

  /** Files that the server should have, and has not, as far as it has noticed. */
  get lost(): ReadonlySet<string> {
    return this.#lost
  }

  /** Whether a file is there, whole. A damaged one is set aside. `anew`: looks in any case. */
  isWhole(hash: string, anew = false): Promise<boolean> {
    return this.#serial.run(hash, async () => {
      const { blobs } = this.#options
      // Of the time before the look: what is written meanwhile is looked at again.
      const mark = await blobs.mark(hash)
      const seen = this.#seen.get(hash)
      const isFresh = seen !== undefined && this.#elapsed() - seen.at < LOOK_HOLDS_MS
      if (!anew && isFresh && seen.mark === mark) return true
      const state = await blobs.look(hash)
      if (state === 'whole') {
        this.#seen.set(hash, { at: this.#elapsed(), mark: mark ?? '' })
        this.mended(hash)
      } else await this.#loses(hash, state)
      return state === 'whole'
    })
  }

  /** The right bytes are there again. */
  mended(hash: string): void {
    if (this.#lost.delete(hash)) this.#options.log('info', 'file.mended', { hash })
  }

  /** Nobody needs it any more. */
  forget(hash: string): void {
    this.#seen.delete(hash)
    this.#lost.delete(hash)
  }

  /** Looks through all files, slowly, for as long as the server runs. */
  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    await this.#serial.idle()
  }

  async #run(): Promise<void> {
    const { log, wait } = this.#options
    const { signal } = this.#stop
    while (!signal.aborted) {
      try {
        // What is not there at all shows by its name, within moments.
        await this.#round(async (hash) => {
          if (!(await this.#options.blobs.has(hash))) await this.isWhole(hash, true)
        })
        await this.#round((hash) => this.isWhole(hash, true))
      } catch (error) {
        log('warn', 'files.not-checked', { message: String(error) })
      }
      await wait(ROUND_MS, signal)
    }
  }

  async #round(look: (hash: string) => Promise<unknown>): Promise<void> {
    const { signal } = this.#stop
    for (let slice = 0; slice < 256; slice++) {
      for (const hash of await this.#options.known(slice.toString(16).padStart(2, '0'))) {
        if (signal.aborted) return
        const began = this.#elapsed()
        await look(hash)
        await this.#options.wait((this.#elapsed() - began) * REST, signal)
      }
    }
  }

  async #loses(hash: string, state: FileState): Promise<void> {
    const { log, blobs } = this.#options
    this.#seen.delete(hash)
    const aside = state === 'damaged' ? await blobs.setAside(hash) : undefined
    if (state === 'damaged' || !this.#lost.has(hash))
      log('error', `file.${state}`, { hash, ...(aside !== undefined && { keptAs: aside }) })
    this.#lost.add(hash)
  }
}
