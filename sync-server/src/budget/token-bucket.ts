/** What a user may use per second, and how much of it saved up at once. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/**
 * A bucket that may be overdrawn: what has come was read anyway. Whoever overdraws it has to wait
 * until it is level again.
 */
export class TokenBucket {
  readonly #rate: Rate
  #tokens: number
  #at: number

  constructor(rate: Rate, now: number) {
    this.#rate = rate
    this.#tokens = rate.burst
    this.#at = now
  }

  take(count: number, now: number): void {
    this.#fill(now)
    this.#tokens -= count
  }

  /** Milliseconds until something may be taken again; 0 for now. */
  wait(now: number): number {
    this.#fill(now)
    return this.#tokens > 0 ? 0 : Math.ceil(((1 - this.#tokens) / this.#rate.perSecond) * 1000)
  }

  #fill(now: number): void {
    const seconds = Math.max(0, now - this.#at) / 1000
    this.#at = now
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + seconds * this.#rate.perSecond)
  }
}
