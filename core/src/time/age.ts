import type { Clock } from './clock.ts'

/**
 * How long ago something was, for what must not be taken for younger than it is: a token, the last
 * word from the server. One clock stands still while the machine sleeps, the other one may be set
 * back, so whichever says more counts. A clock that is set forward makes things older than they
 * are, which costs an early renewal.
 */
export class Age {
  readonly #clock: Clock
  readonly #at: number
  readonly #elapsed: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#at = clock.now()
    this.#elapsed = clock.elapsed()
  }

  /** Milliseconds; never negative. */
  get ms(): number {
    return Math.max(this.#clock.elapsed() - this.#elapsed, this.#clock.now() - this.#at)
  }
}
