import { CloseCode } from '@wardline/core/protocol/close-code'
import type { Timers } from '../base/timers.ts'

/** What ends with its token: a socket of either kind. */
export interface Expiring {
  close(code: number, reason: string): void
}

/**
 * Closes sockets when the tokens that they are open by expire: the one place that does, with one
 * timer for all of them.
 */
export class TokenExpiries {
  readonly #timers: Timers
  /** When each ends, ms on a clock that only goes on. */
  readonly #ends = new Map<Expiring, number>()
  #next = Number.POSITIVE_INFINITY
  #cancel: (() => void) | undefined

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** It is open by a token that is good until then, ms since 1970; what was known before is over. */
  watch(socket: Expiring, expiresAt: number): void {
    const now = this.#timers.elapsed()
    const end = now + Math.max(0, expiresAt - this.#timers.now())
    this.#ends.set(socket, end)
    if (end < this.#next) this.#plan(end, now)
  }

  forget(socket: Expiring): void {
    this.#ends.delete(socket)
    if (this.#ends.size === 0) this.stop()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#next = Number.POSITIVE_INFINITY
  }

  #plan(end: number, now: number): void {
    this.#cancel?.()
    this.#next = end
    this.#cancel = this.#timers.after(end - now, () => {
      this.#cancel = undefined
      this.#next = Number.POSITIVE_INFINITY
      this.#look()
    })
  }

  /** Tokens are renewed long before they end, so that this seldom has to look again. */
  #look(): void {
    const now = this.#timers.elapsed()
    for (const [socket, end] of this.#ends)
      if (end <= now) {
        this.#ends.delete(socket)
        socket.close(CloseCode.unauthorized, 'the token has expired')
      }
    let next = Number.POSITIVE_INFINITY
    for (const end of this.#ends.values()) next = Math.min(next, end)
    if (next < this.#next) this.#plan(next, now)
  }
}
