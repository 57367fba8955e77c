/**
 * Slows down guessing at links and codes. Every failure takes one drop from the bucket of the
 * network and from one of all networks together; both fill again with time, and nothing else fills
 * them: whoever has a code of their own could otherwise guess on with it.
 *
 * A code cannot be tried once one of the two is empty. A link's token cannot be guessed, so a right
 * one always opens its link, whatever others do. In memory: a restart forgives.
 */
import { Lru } from '../base/lru.ts'
import { networkOf } from '../budget/network.ts'
import { type Rate, TokenBucket } from '../budget/token-bucket.ts'

const WINDOW_SECONDS = 15 * 60
const inWindow = (burst: number): Rate => ({ perSecond: burst / WINDOW_SECONDS, burst })

/** Failures from one network, in 15 minutes. */
export const MAX_NETWORK_GUESSES = 30
/** Failures from everywhere, in 15 minutes: against codes of which 2^38 are possible. */
export const MAX_GUESSES = 2_000
/** Networks that are remembered; one that is forgotten has a full bucket again. */
const KEPT = 20_000

export class GuessThrottle {
  readonly #elapsed: () => number
  readonly #networks = new Lru<string, TokenBucket>(KEPT)
  readonly #all: TokenBucket

  /** @param elapsed ms, by a clock that nobody sets */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
    this.#all = new TokenBucket(inWindow(MAX_GUESSES), elapsed())
  }

  /** Whole seconds until the network may try a code; 0 for now. */
  wait(address: string): number {
    const own = this.#networks.get(networkOf(address))
    const now = this.#elapsed()
    return Math.ceil(Math.max(own?.wait(now) ?? 0, this.#all.wait(now)) / 1000)
  }

  failed(address: string): void {
    const now = this.#elapsed()
    const network = networkOf(address)
    const own = this.#networks.get(network) ?? new TokenBucket(inWindow(MAX_NETWORK_GUESSES), now)
    this.#networks.set(network, own)
    // An empty bucket is not overdrawn: who goes on trying waits no longer than the others.
    if (own.wait(now) === 0) own.take(1, now)
    if (this.#all.wait(now) === 0) this.#all.take(1, now)
  }
}
