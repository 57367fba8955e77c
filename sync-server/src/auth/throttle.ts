/**
 * Slows down guessing. Every failed sign-in adds a drop to three leaky buckets: account and
 * address together, the account, the address. A full bucket refuses until one drop has leaked.
 * The bucket of account and address is the small one, so that a stranger elsewhere can hardly
 * lock a person out of their account. Successes add nothing.
 *
 * In memory, and so per process; a restart forgives. Bounded: the bucket that was touched longest
 * ago makes room, and it is the emptiest but for a bucket someone is filling slowly on purpose.
 */
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
  readonly #now: () => number
  readonly #limits: ThrottleLimits
  /** When each will be empty, in milliseconds. */
  readonly #buckets = new Map<string, number>()

  constructor(now: () => number, limits: ThrottleLimits = defaultLimits) {
    this.#now = now
    this.#limits = limits
  }

  /** Whole seconds to wait before the next attempt; 0 when it may be made now. */
  wait(account: string, address: string): number {
    const { drain } = this.#limits
    const waits = this.#keys(account, address).map(([key, drop]) => this.#fill(key) - drain + drop)
    return Math.ceil(Math.max(0, ...waits) / 1000)
  }

  failed(account: string, address: string): void {
    for (const [key, drop] of this.#keys(account, address)) {
      const fill = Math.min(this.#fill(key) + drop, this.#limits.drain)
      // Deleted first, so that the map stays in the order of last use.
      this.#buckets.delete(key)
      this.#buckets.set(key, this.#now() + fill)
    }
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size <= this.#limits.buckets) break
      this.#buckets.delete(key)
    }
  }

  /** Someone who knew the password in the end was no guesser, as far as this pair goes. */
  succeeded(account: string, address: string): void {
    this.#buckets.delete(pairKey(account, address))
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

  /** Milliseconds until the bucket is empty; `drain` when it is full. */
  #fill(key: string): number {
    return Math.max(0, (this.#buckets.get(key) ?? 0) - this.#now())
  }
}

const pairKey = (account: string, address: string): string =>
  `pair ${networkOf(address)} ${account}`

/** A whole IPv6 /64 belongs to one subscriber, who may use any address in it. */
const networkOf = (address: string): string => {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head.split(':')
  if (tail === undefined) return groups.slice(0, 4).join(':')
  while (groups.length < 4) groups.push('0')
  return groups.slice(0, 4).join(':')
}
