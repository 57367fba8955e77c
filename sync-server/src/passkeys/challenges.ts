/**
 * Challenges that were given out and not answered: good once, for five minutes. In memory, so a
 * restart has people press the button again. The ones of a network make room for each other first,
 * and the oldest of all when there are too many.
 */
import { randomBytes } from 'node:crypto'
import { networkOf } from '../budget/network.ts'

/** Milliseconds. */
export const CHALLENGE_LIFETIME = 5 * 60_000
export const MAX_CHALLENGES = 10_000
/** A clinic may be one network, and all of it come at eight in the morning. */
export const MAX_NETWORK_CHALLENGES = 1_000

interface Challenge {
  readonly purpose: string
  readonly network: string
  /** By the clock that elapses. */
  readonly until: number
}

export class Challenges {
  readonly #elapsed: () => number
  /** In the order in which they were given out, which is that of their ends. */
  readonly #open = new Map<string, Challenge>()
  readonly #ofNetwork = new Map<string, Set<string>>()

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  get size(): number {
    return this.#open.size
  }

  /** @param purpose what it can be used for: an answer given for one thing is none for another */
  give(purpose: string, address: string): string {
    const now = this.#elapsed()
    for (const [oldest, { until }] of this.#open) {
      if (until > now && this.#open.size < MAX_CHALLENGES) break
      this.#forget(oldest)
    }
    const network = networkOf(address)
    const own = this.#ofNetwork.get(network) ?? new Set()
    const [first] = own
    if (own.size >= MAX_NETWORK_CHALLENGES && first !== undefined) this.#forget(first)
    const challenge = randomBytes(32).toString('base64url')
    this.#open.set(challenge, { purpose, network, until: now + CHALLENGE_LIFETIME })
    own.add(challenge)
    this.#ofNetwork.set(network, own)
    return challenge
  }

  /** Whether it was given out for this, and nobody answered it before. */
  take(challenge: string, purpose: string): boolean {
    const found = this.#open.get(challenge)
    this.#forget(challenge)
    return found !== undefined && found.purpose === purpose && found.until > this.#elapsed()
  }

  #forget(challenge: string): void {
    const found = this.#open.get(challenge)
    if (found === undefined) return
    this.#open.delete(challenge)
    const own = this.#ofNetwork.get(found.network)
    own?.delete(challenge)
    if (own?.size === 0) this.#ofNetwork.delete(found.network)
  }
}
