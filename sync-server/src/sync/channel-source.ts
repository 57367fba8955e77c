import type { ChatId } from '@wardline/core/base/ids'
import { Semaphore } from '../base/semaphore.ts'
import type { Timers } from '../base/timers.ts'
import type { Hold } from '../budget/byte-budget.ts'
import type { ConnectionMemory } from '../budget/connection-memory.ts'
import type { Row } from '../storage/store.ts'
import type { Opener } from './access.ts'
import type { BackpressuredSocket } from './backpressured-socket.ts'
import type { DeviceHistory } from './device-history.ts'
import type { Documents } from './documents.ts'
import type { HostedDoc } from './hosted-doc.ts'
import type { SyncDirectory } from './ports.ts'
import type { SyncContext } from './sync-context.ts'

/** Documents of one connection that are read from the store at the same time. */
const CATCHING_UP = 16

/** What the channels of one connection work with. */
export class ChannelSource {
  readonly opener: Opener
  readonly output: BackpressuredSocket
  readonly history: DeviceHistory
  readonly turns = new Semaphore(CATCHING_UP)
  readonly #context: SyncContext
  readonly #memory: ConnectionMemory
  /** What is told of each chat whose documents are opened. */
  readonly noteOpening: (chat: ChatId) => void

  constructor(
    context: SyncContext,
    opener: Opener,
    output: BackpressuredSocket,
    history: DeviceHistory,
    memory: ConnectionMemory,
    noteOpening: (chat: ChatId) => void,
  ) {
    this.#context = context
    this.opener = opener
    this.output = output
    this.history = history
    this.#memory = memory
    this.noteOpening = noteOpening
  }

  get documents(): Documents {
    return this.#context.documents
  }
  get directory(): SyncDirectory {
    return this.#context.directory
  }
  get timers(): Timers {
    return this.#context.timers
  }

  /** See `FeedSink.lacking`. */
  lacking(hosted: HostedDoc, stateVector: Uint8Array): Promise<Row | undefined> {
    return this.#context.docWork.lacking(this.opener.userId, hosted, stateVector)
  }

  /** Resolves when so many bytes may be read into memory for the other side. */
  room(bytes: number): Promise<Hold> {
    return this.#memory.take(bytes)
  }
}
