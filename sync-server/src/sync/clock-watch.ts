import type { Clock } from '@wardline/core/time/clock'

/** How far, in ms, the clock may move against the time that elapses and count as steady. */
const SLACK = 60_000

/**
 * Whether the clock was set. What is deleted because of its age is deleted only while it was not:
 * an hour of a wrong clock must not end every session.
 */
export class ClockWatch {
  readonly #clock: Clock
  #base: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#base = clock.now() - clock.elapsed()
  }

  /** How far it was set since the last look, ms, ahead or (negative) back; 0 for not at all. */
  look(): number {
    const base = this.#clock.now() - this.#clock.elapsed()
    const moved = base - this.#base
    this.#base = base
    return Math.abs(moved) > SLACK ? moved : 0
  }
}
