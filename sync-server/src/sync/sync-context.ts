import type { DelayQueue } from '../base/delay-queue.ts'
import type { Timers } from '../base/timers.ts'
import type { TurnEnd } from '../base/turn-end.ts'
import type { ByteBudget } from '../budget/byte-budget.ts'
import type { Newcomers } from '../budget/newcomers.ts'
import type { AwarenessRooms } from './awareness-rooms.ts'
import type { Connections } from './connections.ts'
import type { DocMender } from './doc-mender.ts'
import type { DocWork } from './doc-work.ts'
import type { Documents } from './documents.ts'
import type { CursorTeller } from './frame-scheduler.ts'
import type { SyncLimits } from './limits.ts'
import type { Log, NoteOpening, SyncDirectory, VerifyToken } from './ports.ts'
import type { Presence } from './presence.ts'
import type { RefusalAudit } from './refusal-audit.ts'
import type { TokenExpiries } from './token-expiry.ts'
import type { UserBuckets } from './user-buckets.ts'

export interface Closable {
  close(code: number, reason: string): void
}

/** What all connections of a server share. */
export interface SyncContext {
  readonly documents: Documents
  readonly mender: DocMender
  readonly directory: SyncDirectory
  readonly connections: Connections
  /** Sockets of which nobody has said who they are. */
  readonly greeting: Newcomers<Closable>
  readonly presence: Presence
  readonly rooms: AwarenessRooms
  readonly buckets: UserBuckets
  readonly docWork: DocWork
  /** For what is on its way to people. */
  readonly memory: ByteBudget
  readonly refusals: RefusalAudit
  /** Flushes what a connection, or its socket, has gathered. */
  readonly turn: TurnEnd
  /** Connections in which something happened. */
  readonly cursors: DelayQueue<CursorTeller>
  readonly expiries: TokenExpiries
  readonly verifyToken: VerifyToken
  readonly noteOpening: NoteOpening
  readonly timers: Timers
  readonly limits: SyncLimits
  readonly log: Log
}
