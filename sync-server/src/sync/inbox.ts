import type { Timers } from '../base/timers.ts'
import type { Socket } from './ports.ts'

export interface InboxLimits {
  /** Bytes that wait beyond which the socket is not read from. */
  readonly inboxBytes: number
  /** Bytes that wait beyond which `overflow` is called. */
  readonly inboxMaxBytes: number
}

export interface InboxHost {
  /**
   * How long the next message has to wait, in ms: 0 for not at all, Infinity until
   * {@link Inbox.pump} is called.
   */
  wait(): number
  handle(message: Uint8Array): void
  /** Far too much came for a socket that cannot be made to wait. */
  overflow(): void
}

/**
 * Messages that came and are not handled yet. When they gather the socket is not read from, so
 * that a sender who is too fast is slowed down by TCP and nothing is lost.
 */
export class Inbox {
  readonly #socket: Socket
  readonly #timers: Timers
  readonly #limits: InboxLimits
  readonly #host: InboxHost
  #messages: Uint8Array[] = []
  #next = 0
  #bytes = 0
  #paused = false
  #pumping = false
  #stopped = false
  #cancel: (() => void) | undefined

  constructor(socket: Socket, timers: Timers, limits: InboxLimits, host: InboxHost) {
    this.#socket = socket
    this.#timers = timers
    this.#limits = limits
    this.#host = host
  }

  push(message: Uint8Array): void {
    if (this.#stopped) return
    if (!this.#pumping && this.#messages.length === 0 && this.#host.wait() === 0)
      return this.#handle(message)
    this.#messages.push(message)
    this.#bytes += message.length
    if (this.#bytes > this.#limits.inboxMaxBytes) return this.#host.overflow()
    this.pump()
  }

  /** The usual case: nothing waits, and it need not. */
  #handle(message: Uint8Array): void {
    this.#pumping = true
    this.#host.handle(message)
    this.#pumping = false
    // What came meanwhile.
    if (this.#messages.length > 0) this.pump()
  }

  /** Handles what may be handled now. */
  pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    this.#cancel?.()
    this.#cancel = undefined
    while (!this.#stopped && this.#next < this.#messages.length) {
      const wait = this.#host.wait()
      if (wait > 0) {
        if (Number.isFinite(wait))
          this.#cancel = this.#timers.after(wait, () => {
            this.#cancel = undefined
            this.pump()
          })
        break
      }
      const message = this.#messages[this.#next++]
      if (message === undefined) break
      this.#bytes -= message.length
      this.#host.handle(message)
    }
    this.#pumping = false
    if (this.#next === this.#messages.length) {
      this.#messages = []
      this.#next = 0
    } else if (this.#next > 1024) {
      this.#messages = this.#messages.slice(this.#next)
      this.#next = 0
    }
    this.#read()
  }

  stop(): void {
    this.#stopped = true
    this.#cancel?.()
    this.#messages = []
    this.#next = 0
    this.#bytes = 0
    // A socket that is not read from would not notice that it is closed.
    this.#read()
  }

  #read(): void {
    const full = this.#bytes > this.#limits.inboxBytes
    if (full === this.#paused) return
    if (!full && this.#bytes > this.#limits.inboxBytes / 2) return
    this.#paused = full
    if (full) this.#socket.pause?.()
    else this.#socket.resume?.()
  }
}
