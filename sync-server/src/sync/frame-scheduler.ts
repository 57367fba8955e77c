import type { DocName, UserId } from '@wardline/core/base/ids'
import type { PersonPresence } from '@wardline/core/protocol/frames'
import type { Timers } from '../base/timers.ts'
import type { BackpressuredSocket } from './backpressured-socket.ts'
import type { Documents } from './documents.ts'
import { sendFrame } from './send-frame.ts'

/** Something that gathers what it has to send until it is told to. */
export interface Flushable {
  flush(): void
}

export interface FrameSchedulerOptions {
  readonly output: BackpressuredSocket
  readonly documents: Documents
  readonly timers: Timers
  /** How long after something happened, in ms, a cursor frame may come. */
  readonly cursorMs: number
  /** Whether something is under way that a device with such a cursor would never hear of. */
  isUnfinished(): boolean
}

/**
 * What a connection has to send besides answers: what happens at once goes out together, nothing
 * goes out before the welcome, and when all is out a cursor frame says so.
 */
export class FrameScheduler {
  readonly #options: FrameSchedulerOptions
  readonly #dirty = new Set<Flushable>()
  readonly #changed = new Map<DocName, number>()
  readonly #people = new Map<UserId, PersonPresence>()
  #state: 'greeting' | 'open' | 'stopped' = 'greeting'
  #soon = false
  #waiting = false
  #cancelCursor: (() => void) | undefined
  #cursor = 0

  constructor(options: FrameSchedulerOptions) {
    this.#options = options
  }

  /** The welcome was sent, with this cursor. */
  open(cursor: number): void {
    this.#cursor = cursor
    this.#state = 'open'
    this.#flushSoon()
  }

  stop(): void {
    this.#state = 'stopped'
    this.#cancelCursor?.()
  }

  add(channel: Flushable): void {
    this.#dirty.add(channel)
    this.#flushSoon()
  }

  remove(channel: Flushable): void {
    this.#dirty.delete(channel)
  }

  announce(doc: DocName, head: number): void {
    this.#changed.set(doc, Math.max(head, this.#changed.get(doc) ?? 0))
    this.#flushSoon()
  }

  tell(people: readonly PersonPresence[]): void {
    for (const person of people) this.#people.set(person.user, person)
    this.#flushSoon()
  }

  /** Something happened: says soon up to where everything was sent. */
  active(): void {
    if (this.#state === 'stopped' || this.#cancelCursor !== undefined) return
    const { timers, cursorMs } = this.#options
    this.#cancelCursor = timers.after(cursorMs, () => {
      this.#cancelCursor = undefined
      this.#flush()
      if (!this.#sendCursor()) this.active()
    })
  }

  #flushSoon(): void {
    if (this.#soon) return
    this.#soon = true
    queueMicrotask(() => {
      this.#soon = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#state !== 'open') return
    const { output } = this.#options
    if (output.blocked) {
      if (this.#waiting) return
      this.#waiting = true
      output.whenClear(() => {
        this.#waiting = false
        this.#flush()
      })
      return
    }
    for (const channel of [...this.#dirty]) channel.flush()
    this.#dirty.clear()
    if (this.#changed.size > 0) {
      const docs = [...this.#changed].map(([doc, head]) => ({ doc, head }))
      this.#changed.clear()
      sendFrame(output, { type: 'changed', docs })
    }
    if (this.#people.size > 0) {
      sendFrame(output, { type: 'presence', people: [...this.#people.values()] })
      this.#people.clear()
    }
  }

  /** False while it would promise too much. */
  #sendCursor(): boolean {
    const { output, documents } = this.#options
    // Everybody was told of everything up to here.
    const told = documents.seq
    if (this.#state !== 'open' || this.#options.isUnfinished()) return false
    if (this.#changed.size > 0 || this.#dirty.size > 0) return false
    if (told > this.#cursor) {
      const cursor = documents.store.lineage.cursorAt(told)
      sendFrame(output, { type: 'cursor', cursor })
    }
    this.#cursor = told
    return true
  }
}
