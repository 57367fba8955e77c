import type { UserId } from '@wardline/core/base/ids'
import { Lru } from '../base/lru.ts'
import type { Timers } from '../base/timers.ts'
import { TokenBucket } from '../budget/token-bucket.ts'
import type { SyncLimits } from './limits.ts'

/** Users who are not connected whose buckets are remembered; a forgotten one is full again. */
const KEPT = 10_000

type Rates = Pick<SyncLimits, 'frames' | 'bytes'>

/** What one user may still send, over all of their connections. */
export class UserPace {
  readonly #timers: Timers
  readonly #frames: TokenBucket
  readonly #bytes: TokenBucket
  /** Connections that use it. */
  holders = 0

  constructor(timers: Timers, { frames, bytes }: Rates) {
    const now = timers.elapsed()
    this.#timers = timers
    this.#frames = new TokenBucket(frames, now)
    this.#bytes = new TokenBucket(bytes, now)
  }

  /** Counts a frame of so many bytes, whether there was room for it or not. */
  take(bytes: number): void {
    const now = this.#timers.elapsed()
    this.#frames.take(1, now)
    this.#bytes.take(bytes, now)
  }

  /** Milliseconds until the user may send again; 0 for now. */
  wait(): number {
    const now = this.#timers.elapsed()
    return Math.max(this.#frames.wait(now), this.#bytes.wait(now))
  }
}

/** The pace of each user. A connection holds that of its own, so that a frame needs no look for it. */
export class UserBuckets {
  readonly #timers: Timers
  readonly #rates: Rates
  readonly #held = new Map<UserId, UserPace>()
  readonly #left = new Lru<UserId, UserPace>(KEPT)

  constructor(timers: Timers, rates: Rates) {
    this.#timers = timers
    this.#rates = rates
  }

  /** Until {@link release}, once for each call. */
  hold(user: UserId): UserPace {
    const pace = this.#of(user)
    pace.holders++
    this.#held.set(user, pace)
    this.#left.delete(user)
    return pace
  }

  release(user: UserId): void {
    const pace = this.#held.get(user)
    if (pace === undefined || --pace.holders > 0) return
    this.#held.delete(user)
    this.#left.set(user, pace)
  }

  /** See {@link UserPace.take}. */
  take(user: UserId, bytes: number): void {
    const pace = this.#of(user)
    if (pace.holders === 0) this.#left.set(user, pace)
    pace.take(bytes)
  }

  #of(user: UserId): UserPace {
    return this.#held.get(user) ?? this.#left.get(user) ?? new UserPace(this.#timers, this.#rates)
  }
}
