/**
 * Reads everything that is stored, again and again, slowly: what is damaged is then told before
 * somebody needs it (`Store.onDamage`).
 */
import type { LevelStore } from './level-store.ts'
import { StoreError } from './store-error.ts'
import type { Wait } from './wait.ts'

/** For each ms of work so many of rest. */
const REST = 19
/** Between two rounds, and before the first, ms. */
const ROUND_MS = 6 * 3_600_000
const FIRST_MS = 60_000

export class Scrubber {
  readonly #store: Pick<LevelStore, 'documents' | 'read' | 'listRecords'>
  readonly #wait: Wait
  readonly #failed: (error: unknown) => void
  readonly #stop = new AbortController()
  readonly #running: Promise<void>

  constructor(
    store: Pick<LevelStore, 'documents' | 'read' | 'listRecords'>,
    wait: Wait,
    failed: (error: unknown) => void,
  ) {
    this.#store = store
    this.#wait = wait
    this.#failed = failed
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    await this.#wait(FIRST_MS, signal)
    while (!signal.aborted) {
      await this.#round().catch(this.#failed)
      await this.#wait(ROUND_MS, signal)
    }
  }

  async #round(): Promise<void> {
    const { signal } = this.#stop
    for (const doc of await this.#store.documents()) {
      if (signal.aborted) return
      await this.#rested(() => this.#store.read(doc))
    }
    for (const first of 'abcdefghijklmnopqrstuvwxyz') {
      if (signal.aborted) return
      await this.#rested(() => this.#store.listRecords(first))
    }
  }

  /** Whoever listens to the store has been told of what is damaged. */
  async #rested(read: () => Promise<unknown>): Promise<void> {
    const began = performance.now()
    await read().catch((error: unknown) => {
      if (!(error instanceof StoreError)) throw error
    })
    await this.#wait((performance.now() - began) * REST, this.#stop.signal)
  }
}
