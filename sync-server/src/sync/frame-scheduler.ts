import type { DocName, UserId } from '@wardline/core/base/ids'
import type { PersonPresence } from '@wardline/core/protocol/frames'
import type { Flushable } from '../base/turn-end.ts'
import type { BackpressuredSocket } from './backpressured-socket.ts'
import { sendFrame } from './send-frame.ts'
import type { SyncContext } from './sync-context.ts'

/** Something that gathers what it has to send until it is told to. */
export interface Gathering {
  /** It is among those that will be told. */
  isToFlush: boolean
  flush(): void
}

/** Who is told, some time after something happened, that a cursor is due. */
export interface CursorTeller {
  cursorDue(): void
}

/** Whose frames these are. */
export interface FrameOwner {
  /** Whether something is under way that a device with such a cursor would never hear of. */
  isUnfinished(): boolean
}

/**
 * What a connection has to send besides answers: what happens at once goes out together, nothing
 * goes out before the welcome, and when all is out a cursor frame says so.
 */
export class FrameScheduler implements Flushable, CursorTeller {
  readonly #context: Pick<SyncContext, 'documents' | 'turn' | 'cursors'>
  readonly #output: BackpressuredSocket
  readonly #owner: FrameOwner
  // Nearly always there is nothing, and there are many connections.
  #dirty: Gathering[] | undefined
  #changed: Map<DocName, number> | undefined
  #people: Map<UserId, PersonPresence> | undefined
  #state: 'greeting' | 'open' | 'stopped' = 'greeting'
  #soon = false
  #waiting = false
  #cursorPlanned = false
  #cursor = 0

  constructor(
    context: Pick<SyncContext, 'documents' | 'turn' | 'cursors'>,
    output: BackpressuredSocket,
    owner: FrameOwner,
  ) {
    this.#context = context
    this.#output = output
    this.#owner = owner
  }

  /** The welcome was sent, with this cursor. */
  open(cursor: number): void {
    this.#cursor = cursor
    this.#state = 'open'
    this.#flushSoon()
  }

  stop(): void {
    this.#state = 'stopped'
  }

  add(channel: Gathering): void {
    if (channel.isToFlush) return
    channel.isToFlush = true
    if (this.#dirty === undefined) this.#dirty = [channel]
    else this.#dirty.push(channel)
    this.#flushSoon()
  }

  remove(channel: Gathering): void {
    if (!channel.isToFlush) return
    channel.isToFlush = false
    this.#dirty = this.#dirty?.filter((other) => other !== channel)
  }

  announce(doc: DocName, head: number): void {
    this.#changed ??= new Map()
    this.#changed.set(doc, Math.max(head, this.#changed.get(doc) ?? 0))
    this.#flushSoon()
  }

  tell(people: readonly PersonPresence[]): void {
    if (people.length === 0) return
    this.#people ??= new Map()
    for (const person of people) this.#people.set(person.user, person)
    this.#flushSoon()
  }

  /** Something happened: says soon up to where everything was sent. */
  active(): void {
    if (this.#state === 'stopped' || this.#cursorPlanned) return
    this.#cursorPlanned = true
    this.#context.cursors.add(this)
  }

  cursorDue(): void {
    this.#cursorPlanned = false
    if (this.#state === 'stopped') return
    this.#flush()
    if (!this.#sendCursor()) this.active()
  }

  flush(): void {
    this.#soon = false
    this.#flush()
  }

  #flushSoon(): void {
    if (this.#soon) return
    this.#soon = true
    this.#context.turn.add(this)
  }

  #flush(): void {
    if (this.#state !== 'open') return
    const output = this.#output
    if (output.blocked) {
      if (this.#waiting) return
      this.#waiting = true
      output.whenClear(() => {
        this.#waiting = false
        this.#flush()
      })
      return
    }
    const [dirty, changed, people] = [this.#dirty, this.#changed, this.#people]
    this.#dirty = this.#changed = this.#people = undefined
    if (dirty !== undefined)
      for (const channel of dirty) {
        channel.isToFlush = false
        channel.flush()
      }
    if (changed !== undefined) {
      const docs = [...changed].map(([doc, head]) => ({ doc, head }))
      sendFrame(output, { type: 'changed', docs })
    }
    if (people !== undefined) sendFrame(output, { type: 'presence', people: [...people.values()] })
  }

  /** False while it would promise too much. */
  #sendCursor(): boolean {
    const { documents } = this.#context
    // Everybody was told of everything up to here.
    const told = documents.seq
    if (this.#state !== 'open' || this.#owner.isUnfinished()) return false
    if (this.#changed !== undefined || this.#dirty !== undefined) return false
    if (told > this.#cursor) {
      const cursor = documents.store.lineage.cursorAt(told)
      sendFrame(this.#output, { type: 'cursor', cursor })
    }
    this.#cursor = told
    return true
  }
}
