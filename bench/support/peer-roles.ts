/**
 * What the programs of a chat server offer to a bench, each a process of its own: the server, people
 * who chat through it, and one who takes in what was said. Whose server it is makes no difference.
 */
import type { Pair } from './clinic.ts'
import type { Load, Measured } from './pacer.ts'

/** How people are there. */
export interface Presence {
  /** Whether each has the chat on screen, or is just there. */
  readonly open: boolean
  /** Whether who gets a message says that it was read. */
  readonly receipts: boolean
}

export interface PeerServer {
  /** Returns where it listens. */
  start(dataDir: string): Promise<string>
  /** Lets go of what it has on disk. */
  stop(): Promise<void>
  /** Messages `from` … `to` of each of these chats, as if they had been sent one by one. */
  fill(chats: readonly string[], from: number, to: number): Promise<void>
  collectGarbage(): number
}

export interface PeerLoad {
  connect(url: string, pairs: readonly Pair[], presence: Presence): Promise<void>
  run(load: Load): Promise<Measured>
  disconnect(): void
}

/** What it took to get something. */
export interface Cost {
  readonly ms: number
  /** Of the client's process until then, ms. */
  readonly cpu: number
  /** Through its sockets, bytes. */
  readonly down: number
  readonly up: number
  /** That were opened. */
  readonly sockets: number
}

export interface PeerReader {
  /** Connects, until each of these chats has so many messages here. Keeps what it gets. */
  join(url: string, chats: readonly { name: string; messages: number }[]): Promise<Cost>
  /** Disconnects. */
  leave(): Promise<void>
}

/** As a role serves it: methods may answer at once. */
export type Served<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => infer R
    ? (...args: A) => R | Awaited<R>
    : never
}
