/** Checks and makes hashes of passwords, as slowly as guessing deserves, and everybody in turn. */
import { Lru } from '../base/lru.ts'
import { FairPool } from '../budget/fair-pool.ts'
import { networkOf } from '../budget/network.ts'
import { TokenBucket } from '../budget/token-bucket.ts'
import type { Failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { passwordFailure } from './password-rules.ts'
import { Throttle, type ThrottleLimits } from './throttle.ts'

/**
 * Hashes computed at once, 19 MiB each. They run on libuv's four threads, and so do the writes of
 * the store, which must not stand behind them.
 */
const HASHES_AT_ONCE = 2
/**
 * Sign-ins that may wait for a hash: some two minutes' worth, for a whole clinic may come at once.
 * Past it whoever has most waiting is turned away.
 */
const MAX_SIGN_INS_WAITING = 8192

/** New passwords that one account may try at once; then one in half a minute. */
const MAX_CHOICES = 20
const CHOICES = { burst: MAX_CHOICES, perSecond: 1 / 30 }
/** Accounts of which that is remembered. */
const KEPT = 10_000

export interface Attempt {
  /** What is guessed at: an address, whether there is such an account or not. */
  readonly account: string
  /** The client's network address. */
  readonly address: string
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined
}

export interface PasswordCheckOptions {
  /** Ms since some moment, by a clock that nobody sets. */
  readonly elapsed: () => number
  readonly throttle?: ThrottleLimits | undefined
  readonly hashing?: { readonly concurrency: number; readonly maxWaiting: number } | undefined
}

export class PasswordCheck {
  readonly #throttle: Throttle
  readonly #hashing: FairPool
  readonly #elapsed: () => number
  readonly #choices = new Lru<string, TokenBucket>(KEPT)

  constructor({ elapsed, throttle, hashing }: PasswordCheckOptions) {
    this.#elapsed = elapsed
    this.#throttle = new Throttle(elapsed, throttle)
    this.#hashing = new FairPool(
      hashing ?? { concurrency: HASHES_AT_ONCE, maxWaiting: MAX_SIGN_INS_WAITING },
    )
  }

  /** Fails with `too-many-attempts`. */
  refusal({ account, address }: Attempt): Result<never, Failure> | undefined {
    const retryAfter = this.#throttle.wait(account, address)
    return retryAfter === 0 ? undefined : err({ code: 'too-many-attempts', retryAfter })
  }

  /**
   * Whether the password is the one behind the hash; without a hash no, after the same work. Fails
   * with `too-many-attempts`, `server-busy`.
   */
  matches(
    attempt: Attempt,
    password: string,
    hash: string | undefined,
  ): Promise<Result<boolean, Failure>> {
    const { account, address } = attempt
    return this.#inTurn(attempt, async () => {
      // Asked again: while this one waited, others may have failed.
      const late = this.refusal(attempt)
      if (late !== undefined) return late
      const matches = await verifyPassword(password, hash)
      if (matches) this.#throttle.succeeded(account, address)
      else this.#throttle.failed(account, address)
      return ok(matches)
    })
  }

  /**
   * The hash of a password that somebody chose; what is wrong with it takes a tenth of a second to
   * find, so it is asked so often and no more. Fails with the codes of {@link passwordFailure},
   * `too-many-attempts`, `server-busy`.
   */
  async choose(
    attempt: Attempt,
    password: string,
    person: Parameters<typeof passwordFailure>[1],
  ): Promise<Result<string, Failure>> {
    const now = this.#elapsed()
    const choices = this.#choices.get(attempt.account) ?? new TokenBucket(CHOICES, now)
    this.#choices.set(attempt.account, choices)
    const wait = choices.wait(now)
    if (wait > 0) return err({ code: 'too-many-attempts', retryAfter: Math.ceil(wait / 1000) })
    choices.take(1, now)
    const problem = passwordFailure(password, person)
    if (problem !== undefined) return err(problem)
    return this.#inTurn(attempt, async () => ok(await hashPassword(password)))
  }

  async #inTurn<T>(
    { account, address, signal }: Attempt,
    work: () => Promise<Result<T, Failure>>,
  ): Promise<Result<T, Failure>> {
    // Addresses take turns, and on each of them the accounts; who is known there is one by themselves.
    const network = networkOf(address)
    const group = this.#throttle.isKnown(account, address) ? `${network} ${account}` : network
    const done = await this.#hashing.run({ group, member: account }, work, signal)
    return done ?? err({ code: 'server-busy', retryAfter: 1 })
  }
}
