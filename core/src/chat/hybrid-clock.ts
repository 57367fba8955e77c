/**
 * A hybrid logical clock in whole milliseconds: physical time, corrected by the server's, but
 * never behind what this device has written or seen, so that an answer is dated after its
 * question. After Kulkarni et al., "Logical Physical Clocks" (2014), with the logical part folded
 * into the milliseconds.
 */

/**
 * How far, in ms, somebody else's timestamp may pull this clock ahead of physical time. Beyond it
 * the other clock is wrong, and following it would make this device date its messages wrong too;
 * the causal order of `seen` still holds.
 */
const MAX_PULL = 60_000

export class HybridClock {
  readonly #physical: () => number
  #offset = 0
  #last: number

  /**
   * @param physical the device's clock, ms since 1970
   * @param floor a time, ms, that is known to have passed (from an earlier run), so that a device
   *   whose battery died does not write into 1970
   */
  constructor(physical: () => number, floor = 0) {
    this.#physical = physical
    this.#last = floor
  }

  /**
   * Learns from the server how wrong the device's clock is. The server told its time at some moment
   * between asking and now: what was believed is kept as long as that allows it, so that a slow
   * network does not make a good clock wrong.
   *
   * @param askedAt when the server was asked, by the device's clock, ms
   */
  correct(serverTime: number, askedAt: number): void {
    const least = serverTime - this.#physical()
    // A device's clock may be set back meanwhile.
    const most = Math.max(serverTime - askedAt, least)
    if (this.#offset < least || this.#offset > most) this.#offset = Math.round((least + most) / 2)
    // A clock that ran ahead may have dated things in the future; from now on it is right again.
    if (this.#last > serverTime + MAX_PULL) this.#last = serverTime
  }

  /** Milliseconds that the device's clock is behind the server's. */
  get offset(): number {
    return this.#offset
  }

  restoreOffset(offset: number): void {
    this.#offset = offset
  }

  /** Physical time, corrected, never before the floor. */
  now(): number {
    return Math.round(this.#physical() + this.#offset)
  }

  /** Notes a timestamp of somebody else. */
  observe(at: number): void {
    if (at > this.#last) this.#last = Math.min(at, Math.max(this.#last, this.now() + MAX_PULL))
  }

  /** The timestamp for what is written now: after all that was written or seen here. */
  tick(): number {
    this.#last = Math.max(this.now(), this.#last + 1)
    return this.#last
  }
}
