import type { UserId } from '@wardline/core/base/ids'
import type { Timers } from '../base/timers.ts'
import { TokenBucket } from '../budget/token-bucket.ts'
import type { SyncLimits } from './limits.ts'

interface Buckets {
  readonly frames: TokenBucket
  readonly bytes: TokenBucket
}

/** Users whose buckets are remembered; a forgotten one is full again. */
const KEPT = 10_000

/** What each user may still send, over all of their connections. */
export class UserBuckets {
  readonly #timers: Timers
  readonly #limits: Pick<SyncLimits, 'frames' | 'bytes'>
  readonly #users = new Map<UserId, Buckets>()

  constructor(timers: Timers, limits: Pick<SyncLimits, 'frames' | 'bytes'>) {
    this.#timers = timers
    this.#limits = limits
  }

  /** Counts a frame of so many bytes, whether there was room for it or not. */
  take(user: UserId, bytes: number): void {
    const now = this.#timers.elapsed()
    const buckets = this.#of(user, now)
    buckets.frames.take(1, now)
    buckets.bytes.take(bytes, now)
  }

  /** Milliseconds until the user may send again; 0 for now. */
  wait(user: UserId): number {
    const now = this.#timers.elapsed()
    const { frames, bytes } = this.#of(user, now)
    return Math.max(frames.wait(now), bytes.wait(now))
  }

  #of(user: UserId, now: number): Buckets {
    const known = this.#users.get(user)
    const buckets = known ?? {
      frames: new TokenBucket(this.#limits.frames, now),
      bytes: new TokenBucket(this.#limits.bytes, now),
    }
    this.#users.delete(user)
    this.#users.set(user, buckets)
    for (const oldest of this.#users.keys()) {
      if (this.#users.size <= KEPT) break
      this.#users.delete(oldest)
    }
    return buckets
  }
}
