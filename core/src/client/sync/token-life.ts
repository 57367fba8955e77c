import { Age } from '../../time/age.ts'
import type { Clock } from '../../time/clock.ts'

/** How long before its end, in ms, a token is no longer handed out; half its life at most. */
const MARGIN = 75_000

/**
 * For how long an access token may be handed out, told by the server's own clock and measured
 * here: a wrong clock on this device neither hides its end nor makes it come sooner.
 */
export class TokenLife {
  readonly #age: Age
  readonly #ms: number

  /**
   * @param expiresAt by the server's clock, ms
   * @param serverTime what that clock showed when it gave the token, ms; null when it did not say
   */
  constructor(clock: Clock, expiresAt: number, serverTime: number | null) {
    this.#age = new Age(clock)
    const life = Math.max(0, expiresAt - (serverTime ?? clock.now()))
    this.#ms = life - Math.min(MARGIN, life / 2)
  }

  get isGood(): boolean {
    return this.#age.ms < this.#ms
  }
}

/** The server's clock, by the `Date` of its answer, ms; null when it does not say. */
export const serverTimeOf = (date: string | null): number | null => {
  const at = Date.parse(date ?? '')
  return Number.isNaN(at) ? null : at
}
