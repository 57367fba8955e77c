import type { Timers } from '../base/timers.ts'
import type { Socket } from './ports.ts'

/** The way out of a connection: sends, and tells whether the other side takes it in. */
export class BackpressuredSocket {
  readonly #socket: Socket
  readonly #timers: Timers
  readonly #limit: number
  readonly #drainMs: number
  readonly #waiting: (() => void)[] = []
  #cancel: (() => void) | undefined
  #stopped = false
  /** Bytes that were sent though it was blocked. */
  #owed = 0

  /** @param limit bytes on their way beyond which it is blocked */
  constructor(socket: Socket, timers: Timers, limit: number, drainMs: number) {
    this.#socket = socket
    this.#timers = timers
    this.#limit = limit
    this.#drainMs = drainMs
  }

  get blocked(): boolean {
    return this.#socket.bufferedAmount > this.#limit
  }

  /** Bytes that were sent though it was blocked, and are not taken in: answers, not rows. */
  get owed(): number {
    if (!this.blocked) this.#owed = 0
    return this.#owed
  }

  send(bytes: Uint8Array): void {
    if (this.#stopped) return
    if (this.blocked) this.#owed += bytes.length
    this.#socket.send(bytes)
  }

  /** Calls back once, not before {@link blocked} is false; never after {@link stop}. */
  whenClear(callback: () => void): void {
    this.#waiting.push(callback)
    this.#watch()
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
    this.#waiting.length = 0
  }

  #watch(): void {
    if (this.#stopped || this.#cancel !== undefined || this.#waiting.length === 0) return
    this.#cancel = this.#timers.after(this.#drainMs, () => {
      this.#cancel = undefined
      while (!this.blocked) {
        const callback = this.#waiting.shift()
        if (callback === undefined) break
        callback()
      }
      this.#watch()
    })
  }
}
