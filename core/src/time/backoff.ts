/**
 * How long to wait before something is tried again. Everything that tries again does it through
 * this, so that nothing does it without a pause: the wait doubles from the first to the longest,
 * and what only worked for a moment does not count as having worked.
 */

/** Milliseconds. */
export interface BackoffLimits {
  readonly first: number
  readonly longest: number
  /** What every wait is at least. */
  readonly least?: number
  /** How long something has to hold to count as having worked; see {@link Backoff.held}. */
  readonly steady?: number
}

/** Doublings after which a wait grows no more, whatever its limits are. */
const MOST_DOUBLINGS = 30

export class Backoff {
  readonly #limits: BackoffLimits
  readonly #chance: () => number
  #failures = 0

  /**
   * @param chance from 0 to 1, drawn for each wait (full jitter), so that many who failed together
   *   do not come again together; without it, waits are as long as they may be
   */
  constructor(limits: BackoffLimits, chance: () => number = () => 1) {
    this.#limits = limits
    this.#chance = chance
  }

  /** It failed: ms to wait before the next attempt. */
  next(): number {
    const { first, longest, least = 0 } = this.#limits
    const most = Math.min(longest, first * 2 ** this.#failures)
    this.#failures = Math.min(this.#failures + 1, MOST_DOUBLINGS)
    return Math.round(this.#chance() * most) + least
  }

  /** It worked, or there is a reason to believe that it will: the next wait is a first one. */
  reset(): void {
    this.#failures = 0
  }

  /** It held for so long, ms, and failed then. Something that dies young has not worked. */
  held(ms: number): void {
    if (ms >= (this.#limits.steady ?? 0)) this.reset()
  }
}

/** Chance for a {@link Backoff}, from random bytes. */
export const chanceFrom = (random: (length: number) => Uint8Array) => (): number => {
  const [a = 0, b = 0] = random(2)
  return (a * 256 + b) / 65_536
}
