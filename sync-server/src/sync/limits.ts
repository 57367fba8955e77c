import type { ByteBudgetLimits } from '../budget/byte-budget.ts'
import type { Rate } from '../budget/token-bucket.ts'

/** Bounds of the sockets. Past most of them somebody waits; only what is absurd is an error. */
export interface SyncLimits {
  /** Time for the first frame, ms. */
  readonly helloMs: number
  /**
   * Sockets, in all, of which nobody has said who they are. Past it the oldest of the network with
   * most of them goes.
   */
  readonly greetings: number
  readonly connectionsPerUser: number
  readonly channelsPerConnection: number
  /** Frames per user, over all connections. */
  readonly frames: Rate
  /** Bytes received per user, over all connections. */
  readonly bytes: Rate
  /** Bytes on their way to a client beyond which rows are left in the store. */
  readonly bufferedBytes: number
  /** What is read into memory for people, and they have not taken in. */
  readonly memory: ByteBudgetLimits
  /** Bytes that are sent to a client that is blocked beyond which it is not read from. */
  readonly owedBytes: number
  /** Bytes of updates of one connection that may be on their way to the disk. */
  readonly pendingBytes: number
  /** Bytes of frames that wait beyond which a socket is not read from. */
  readonly inboxBytes: number
  /** Bytes of frames that wait beyond which a socket that cannot be paused is closed. */
  readonly inboxMaxBytes: number
  /** How often a client that takes in less than it is sent is looked after, ms. */
  readonly drainMs: number
  /** How long after something happened a cursor frame says that it is sent, ms. */
  readonly cursorMs: number
  /** How long somebody counts as online after the last socket closed, ms. */
  readonly presenceGraceMs: number
  /** How often last-seen times are stored, ms. */
  readonly lastSeenMs: number
  /** How long typing lasts without a word from the client, ms. */
  readonly typingMs: number
  /** How often a plain client hears something; y-websocket gives up after 30 s of silence. */
  readonly plainPulseMs: number
  /** Documents that stay in memory though nobody has them open. */
  readonly idleDocs: number
}

export const DEFAULT_LIMITS: SyncLimits = {
  helloMs: 5000,
  greetings: 4096,
  connectionsPerUser: 32,
  channelsPerConnection: 512,
  frames: { perSecond: 1000, burst: 8000 },
  bytes: { perSecond: 4 * 1024 * 1024, burst: 32 * 1024 * 1024 },
  bufferedBytes: 1024 * 1024,
  memory: { total: 256 * 1024 * 1024, share: 32 * 1024 * 1024, patienceMs: 5_000 },
  owedBytes: 256 * 1024,
  pendingBytes: 2 * 1024 * 1024,
  inboxBytes: 256 * 1024,
  inboxMaxBytes: 32 * 1024 * 1024,
  drainMs: 50,
  cursorMs: 1500,
  presenceGraceMs: 5000,
  lastSeenMs: 10_000,
  typingMs: 30_000,
  plainPulseMs: 15_000,
  idleDocs: 1000,
}
