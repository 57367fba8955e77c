/** What the client needs from where it runs. */
import type { ChatId } from '../../base/ids.ts'
import type { SealedStatement } from '../../chat/group-statement.ts'

/** An open socket, or one that is being opened. */
export interface ClientSocket {
  send(bytes: Uint8Array): void
  close(code?: number): void
}

export interface SocketEvents {
  opened(): void
  received(bytes: Uint8Array): void
  /** Once, also when it could not be opened. */
  closed(code: number): void
}

export type Dial = (events: SocketEvents) => ClientSocket

export type { Timers } from '../../time/clock.ts'

export interface FreshToken {
  kind: 'token'
  token: string
  /** By the server's clock, ms. */
  expiresAt: number
  /** What the server's clock showed, to the second, when it gave the token just now, ms. */
  serverTime?: number
}

export type TokenAnswer =
  | FreshToken
  /** The session ended: only signing in helps. */
  | { kind: 'signed-out' }
  /** The server cannot be reached, or cannot answer now. */
  | { kind: 'unreachable' }

/** Gets an access token, with the session that the device keeps. */
export type GetToken = () => Promise<TokenAnswer>

/** Hands back what the server once said of a group. False when it cannot be reached. Never rejects. */
export type RecallGroup = (statement: SealedStatement) => Promise<boolean>

/** A chat was on a screen that somebody looked at; when, in ms. */
export interface Opening {
  readonly chat: ChatId
  readonly at: number
}

/** Tells the server, for its audit trail. False when it has to be tried again. Never rejects. */
export type TellOpenings = (openings: readonly Opening[]) => Promise<boolean>

/** Cryptographically random bytes. */
export type RandomBytes = (length: number) => Uint8Array
