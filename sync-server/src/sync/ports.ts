/** What the sync code needs of the rest of the server, and of a socket. */
import type { ChatId, DeviceId, UserId } from '@wardline/core/base/ids'
import type { Logger } from '../config/logger.ts'
import type { Scoped } from '../directory/chat-scope.ts'
import type { Directory } from '../directory/directory.ts'
import type { MemberRole } from '../directory/role.ts'

/** A WebSocket, without the network. */
export interface Socket {
  /** Copies the bytes, or has sent them when it returns: they are the caller's. */
  send(bytes: Uint8Array): void
  /** The socket then reports `closed()`. */
  close(code: number, reason: string): void
  /** Bytes that were sent and have not left yet. */
  readonly bufferedAmount: number
  /** Stop and go on reading; a socket without them is closed when it sends too much. */
  pause?(): void
  resume?(): void
  /** It was said, and proved, who is at the other end. */
  known?(): void
}

/** Where the network puts what it gets from the other side. */
export interface SocketHandler {
  /** One binary message. The bytes belong to the handler from then on. */
  receive(bytes: Uint8Array): void
  /** Once, whoever closed it. */
  closed(): void
}

/** Who holds an access token. */
export interface Claims extends Scoped {
  readonly userId: UserId
  readonly device?: DeviceId
  /** What others in a chat see them as. */
  readonly role?: MemberRole
  /** The session that the token was made for. */
  readonly session: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** Told when a program follows a document of a chat: what a device of a person opens, nobody may have read. */
export type NoteOpening = (reader: Claims, chat: ChatId) => void

/** Undefined for a token that is not valid (any more). */
export type VerifyToken = (token: string) => Claims | undefined

/** The part of the directory that sync needs. */
export type SyncDirectory = Pick<
  Directory,
  'chatsOf' | 'chatOf' | 'registerDirectChat' | 'registerPage'
>

export type Log = Logger
