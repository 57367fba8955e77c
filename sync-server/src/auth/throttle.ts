/**
 * Slows down guessing. Every failed sign-in adds a drop to three leaky buckets: account and
 * address together, the account, the address. A full bucket refuses until one drop has leaked.
 * Successes add nothing.
 *
 * Nobody is refused for what others do. Who has signed in from an address before is asked there for
 * the bucket of the two alone, however others guess at the account or from the address. And an
 * address may be that of a whole clinic: when its bucket is full, each account has one attempt left
 * there, and the next when that is forgotten.
 *
 * In memory, and so per process; a restart forgives. Bounded: the bucket that was touched longest
 * ago makes room, and it is the emptiest but for a bucket someone is filling slowly on purpose.
 */
import { networkOf } from '../budget/network.ts'

const MINUTE = 60_000

export interface ThrottleLimits {
  /** Failures that fit into each bucket. */
  readonly pair: number
  readonly account: number
  readonly address: number
  /** Milliseconds in which a full bucket runs empty. */
  readonly drain: number
  /** Most buckets kept. */
  readonly buckets: number
}

const defaultLimits: ThrottleLimits = {
  pair: 10,
  account: 100,
  address: 100,
  drain: 15 * MINUTE,
  buckets: 20_000,
}

export class Throttle {
  readonly #elapsed: () => number
  readonly #limits: ThrottleLimits
  /** When each will be empty, by the clock that elapses. */
  readonly #buckets = new Map<string, number>()
  /** Accounts that were signed in to, each with the address; the last one last. */
  readonly #known = new Set<string>()

  /** @param elapsed ms since some moment, by a clock that nobody sets */
  constructor(elapsed: () => number, limits: ThrottleLimits = defaultLimits) {
    this.#elapsed = elapsed
    this.#limits = limits
  }

  /** Whole seconds to wait before the next attempt; 0 when it may be made now. */
  wait(account: string, address: string): number {
    const [pair, forAccount, forAddress] = this.#keys(account, address).map((key) =>
      this.#waitOf(...key),
    )
    let wait = pair ?? 0
    if (!this.isKnown(account, address)) {
      wait = Math.max(wait, forAccount ?? 0)
      if ((forAddress ?? 0) > 0) wait = Math.max(wait, this.#fill(pairKey(account, address)))
    }
    return Math.ceil(wait / 1000)
  }

  /** Whether the account was signed in to from there before, as far as that is remembered. */
  isKnown(account: string, address: string): boolean {
    return this.#known.has(pairKey(account, address))
  }

  failed(account: string, address: string): void {
    for (const [key, drop] of this.#keys(account, address)) {
      const fill = Math.min(this.#fill(key) + drop, this.#limits.drain)
      // Deleted first, so that the map stays in the order of last use.
      this.#buckets.delete(key)
      this.#buckets.set(key, this.#elapsed() + fill)
    }
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size <= this.#limits.buckets) break
      this.#buckets.delete(key)
    }
  }

  /** Someone who knew the password in the end was no guesser, as far as this pair goes. */
  succeeded(account: string, address: string): void {
    const pair = pairKey(account, address)
    this.#buckets.delete(pair)
    this.#known.delete(pair)
    this.#known.add(pair)
    for (const oldest of this.#known) {
      if (this.#known.size <= this.#limits.buckets) break
      this.#known.delete(oldest)
    }
  }

  /** Buckets in memory. */
  get size(): number {
    return this.#buckets.size
  }

  /** The buckets of an attempt, each with the milliseconds in which one of its drops leaks. */
  #keys(account: string, address: string): readonly (readonly [key: string, drop: number])[] {
    const { pair, account: forAccount, address: forAddress, drain } = this.#limits
    return [
      [pairKey(account, address), drain / pair],
      [`account ${account}`, drain / forAccount],
      [`address ${networkOf(address)}`, drain / forAddress],
    ]
  }

  /** Milliseconds until a drop fits in. */
  #waitOf(key: string, drop: number): number {
    return Math.max(0, this.#fill(key) - this.#limits.drain + drop)
  }

  /** Milliseconds until the bucket is empty; `drain` when it is full. */
  #fill(key: string): number {
    return Math.max(0, (this.#buckets.get(key) ?? 0) - this.#elapsed())
  }
}

const pairKey = (account: string, address: string): string =>
  `pair ${networkOf(address)} ${account}`
