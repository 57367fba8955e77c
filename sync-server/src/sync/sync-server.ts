import { randomBytes } from 'node:crypto'
import { type Writer, writerFrom } from '@wardline/core/base/client-id'
import { parseDocName } from '@wardline/core/base/ids'
import { blockedChatOf } from '@wardline/core/chat/prefs'
import { CloseCode } from '@wardline/core/protocol/close-code'
import { DelayQueue } from '../base/delay-queue.ts'
import { systemTimers, type Timers } from '../base/timers.ts'
import { TurnEnd } from '../base/turn-end.ts'
import { ByteBudget } from '../budget/byte-budget.ts'
import { networkOf } from '../budget/network.ts'
import { Newcomers } from '../budget/newcomers.ts'
import type { Quotas as QuotaLimits } from '../config/quotas.ts'
import { Directory } from '../directory/directory.ts'
import type { GroupSeal } from '../directory/group-seal.ts'
import type { MayStart } from '../directory/may-start.ts'
import { Preferences } from '../directory/preferences.ts'
import { sysAgain } from '../directory/sys-again.ts'
import { Compactor } from '../storage/compaction.ts'
import type { Change, Commit, Store } from '../storage/store.ts'
import { openWorkerPool, SERVER, type WorkerPool } from '../work/worker-pool.ts'
import { AwarenessRooms } from './awareness-rooms.ts'
import { Closings } from './closings.ts'
import { Connection } from './connection.ts'
import { Connections } from './connections.ts'
import { DocMender } from './doc-mender.ts'
import { DocWork } from './doc-work.ts'
import { Documents } from './documents.ts'
import type { CursorTeller } from './frame-scheduler.ts'
import { LastSeen } from './last-seen.ts'
import { DEFAULT_LIMITS, type SyncLimits } from './limits.ts'
import { PlainConnection } from './plain-connection.ts'
import type { Log, NoteOpening, Socket, SocketHandler, VerifyToken } from './ports.ts'
import { Presence } from './presence.ts'
import { Quotas } from './quotas.ts'
import { RefusalAudit } from './refusal-audit.ts'
import type { SyncContext } from './sync-context.ts'
import { TokenExpiries } from './token-expiry.ts'
import { UserBuckets } from './user-buckets.ts'

export interface SyncDeps {
  readonly store: Store
  readonly verifyToken: VerifyToken
  /** For the audit trail. */
  readonly noteOpening?: NoteOpening
  readonly timers?: Timers
  readonly limits?: Partial<SyncLimits>
  readonly quotas?: Partial<QuotaLimits>
  readonly log?: Log
  /** Seals what members are told of their groups. */
  readonly seal?: GroupSeal
  /** Which chats the clinic lets people begin; all by default. */
  readonly mayStart?: MayStart
  /** Where long work is done; it is closed by whoever opened it. */
  readonly workers?: WorkerPool
  /** Of the server's own awareness entries; random by default. */
  readonly writer?: Writer
}

export interface SyncServer {
  /** The directory, whose writes reach everybody who has its documents open. */
  readonly directory: Directory
  readonly documents: Documents
  readonly quotas: Quotas
  /** What was found to be damaged. */
  readonly mender: DocMender
  /** Documents that hold something that was taken back, because they cannot be compacted. */
  unerased(): number
  /** For closing what someone may no longer have. */
  readonly connections: Connections
  /** The one way to store something that belongs into documents. */
  commit(change: Change): Promise<Commit>
  /**
   * A multiplexed socket.
   *
   * @param address of the network, that it came from
   */
  accept(socket: Socket, address?: string): SocketHandler
  /** A socket of a y-websocket client for one document. Closed at once if the token is no good. */
  acceptPlain(socket: Socket, doc: string, token: string): SocketHandler
  /**
   * Takes nobody in any more, closes all sockets with 1012 and waits for what is on its way to
   * the disk. The store stays open.
   */
  close(): Promise<void>
}

/** All of sync, without the network: sockets and time come from outside. */
export const createSyncServer = (deps: SyncDeps): SyncServer => {
  const { store, verifyToken, timers = systemTimers, log = () => {} } = deps
  const { workers = openWorkerPool() } = deps
  const limits = { ...DEFAULT_LIMITS, ...deps.limits }
  const quotas = new Quotas({
    store,
    chatOf: (id) => directory.chatOf(id),
    timers,
    log,
    ...(deps.quotas && { limits: deps.quotas }),
  })
  const closings = new Closings({
    directory: {
      chatOf: (id) => directory.chatOf(id),
      closeChat: (id, by) => directory.closeChat(id, by),
    },
    prefs: new Preferences(store),
    timers,
    log,
  })
  const documents = new Documents(store, log, limits.idleDocs, { quotas, closings })
  const commit = (change: Change): Promise<Commit> => documents.commit(change)
  const connections = new Connections()
  const directory = new Directory({
    store,
    commit: (change, durable) => documents.commit(change, durable),
    removed: (user, chat) => connections.closeChat(user, chat),
    changed: (chat) => closings.changed(chat),
    stamped: (user) => connections.closeUser(user),
    clock: timers,
    now: () => timers.now(),
    ...(deps.seal && { seal: deps.seal }),
    ...(deps.mayStart && { mayStart: deps.mayStart }),
  })
  const lastSeen = new LastSeen(store, timers, limits.lastSeenMs, log)
  const presence = new Presence(directory, connections, lastSeen, timers, limits.presenceGraceMs)
  const writer = deps.writer ?? writerFrom(randomBytes(5))
  const rooms = new AwarenessRooms(timers, limits.typingMs, writer, async (chat) => {
    const found = await directory.chatOf(chat)
    const members = found?.members.map(({ userId }) => userId) ?? []
    return members.filter((user) => presence.isOnline(user))
  })
  const compactor = new Compactor(store, {
    onDone: (doc) => {
      const ref = parseDocName(doc)
      if (ref?.kind === 'page') quotas.shrank(ref.chat)
    },
    onError: (doc, error) => log('error', 'compaction.failed', { doc, message: String(error) }),
    timers,
    merge: (doc, updates, bytes) =>
      workers.at(bytes).run(SERVER, doc, 'merge', async () => ({ updates, args: [] })),
  })
  compactor
    .resume()
    .catch((error: unknown) => log('error', 'compaction.not-resumed', { message: String(error) }))
  const mender = new DocMender({
    documents,
    timers,
    log,
    known: async (doc, left) => {
      const ref = parseDocName(doc)
      return ref && sysAgain(directory, ref, left)
    },
  })
  const buckets = new UserBuckets(timers, limits)
  const context: SyncContext = {
    documents,
    mender,
    directory,
    connections,
    greeting: new Newcomers(limits.greetings),
    presence,
    rooms,
    buckets,
    refusals: new RefusalAudit(documents, timers, log),
    docWork: new DocWork(store, workers, buckets),
    memory: new ByteBudget(limits.memory, timers),
    turn: new TurnEnd(),
    cursors: new DelayQueue<CursorTeller>(timers, limits.cursorMs, (frames) => frames.cursorDue()),
    expiries: new TokenExpiries(timers),
    verifyToken,
    noteOpening: deps.noteOpening ?? (() => {}),
    timers,
    limits,
    log,
  }
  let closing = false

  presence.watch((chat) => rooms.publishOnline(chat))
  documents.listen({
    moved(moves) {
      connections.moved(moves)
      for (const { settings } of moves)
        for (const chat of new Set(settings.map(blockedChatOf)))
          if (chat !== undefined) closings.changed(chat)
      for (const { doc, bytes, erases } of moves) {
        if (erases) compactor.erase(doc)
        else compactor.consider(doc, bytes)
      }
    },
    // Cursors and heads that were told may be wrong by now: everybody begins again.
    lost() {
      closings.forget()
      connections.closeAll(CloseCode.unavailable, 'the store has failed')
    },
  })

  const refuse = (socket: Socket, code: number, reason: string): SocketHandler => {
    socket.close(code, reason)
    return { receive() {}, closed() {} }
  }

  return {
    directory,
    documents,
    quotas,
    connections,
    mender,
    unerased: () => compactor.unerased.length,
    commit,
    accept(socket, address = '') {
      if (closing) return refuse(socket, CloseCode.restarting, 'going down')
      return new Connection(context, socket, networkOf(address))
    },
    acceptPlain(socket, doc, token) {
      if (closing) return refuse(socket, CloseCode.restarting, 'going down')
      const claims = verifyToken(token)
      if (claims === undefined) return refuse(socket, CloseCode.unauthorized, 'not a valid token')
      if (connections.count(claims.userId) >= limits.connectionsPerUser)
        return refuse(socket, CloseCode.tooMany, 'too many connections')
      return new PlainConnection(context, socket, claims, doc)
    },
    async close() {
      closing = true
      presence.stop()
      for (const connection of context.greeting.all())
        connection.close(CloseCode.restarting, 'going down')
      connections.closeAll(CloseCode.restarting, 'going down')
      context.cursors.stop()
      context.expiries.stop()
      await documents.settled()
      await lastSeen.save()
      lastSeen.stop()
      await compactor.stop()
      await quotas.stop()
      await mender.stop()
      documents.close()
    },
  }
}
