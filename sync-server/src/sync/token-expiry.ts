import { CloseCode } from '@wardline/core/protocol/close-code'
import type { Timers } from '../base/timers.ts'

/** What ends with its token: a socket of either kind. */
export interface Expiring {
  close(code: number, reason: string): void
}

/** Closes a socket when the token that it is open by expires: the one place that does. */
export class TokenExpiry {
  readonly #timers: Timers
  readonly #socket: Expiring
  #cancel = () => {}

  constructor(timers: Timers, socket: Expiring) {
    this.#timers = timers
    this.#socket = socket
  }

  /** It is open by a token that is good until then, ms since 1970; what was known before is over. */
  watch(expiresAt: number): void {
    this.#cancel()
    const left = Math.max(0, expiresAt - this.#timers.now())
    this.#cancel = this.#timers.after(left, () =>
      this.#socket.close(CloseCode.unauthorized, 'the token has expired'),
    )
  }

  stop(): void {
    this.#cancel()
  }
}
