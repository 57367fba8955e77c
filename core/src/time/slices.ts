/** Work in slices: after so much of it in one go others get their turn, the screen first of all. */

/** How long a slice may be before the next piece of work waits for another, ms. */
const SLICE = 8

export interface SlicesOptions {
  /** Runs on while the clock on the wall may be set, ms. */
  elapsed(): number
  /** Lets others have their turn; without it all is one slice. */
  pause?: (() => Promise<void>) | undefined
}

export class Slices {
  readonly #options: SlicesOptions
  readonly #waiting: (() => void)[] = []
  #running = false

  constructor(options: SlicesOptions) {
    this.#options = options
  }

  /** Runs a piece of work when it is its turn; pieces run one after the other, in order. */
  run<T>(work: () => T): Promise<Awaited<T>> {
    const { pause } = this.#options
    return new Promise((resolve, reject) => {
      const piece = (): void => {
        try {
          resolve(work() as Awaited<T>)
        } catch (error) {
          reject(error)
        }
      }
      if (pause === undefined) return piece()
      this.#waiting.push(piece)
      if (!this.#running) void this.#drain(pause)
    })
  }

  async #drain(pause: () => Promise<void>): Promise<void> {
    const { elapsed } = this.#options
    this.#running = true
    // What is given in one go begins a turn later: it may come at the end of another's.
    await pause()
    let start = elapsed()
    for (let piece = this.#waiting.shift(); piece !== undefined; piece = this.#waiting.shift()) {
      piece()
      // What follows a piece belongs to its slice.
      await null
      if (this.#waiting.length === 0 || elapsed() - start < SLICE) continue
      await pause()
      start = elapsed()
    }
    this.#running = false
  }
}
