/**
 * What a user interface shows: plain, immutable values that the client derives from local data.
 * A new object means something changed; an unchanged part keeps its identity.
 */
import type { EntryId } from '../chat/entry.ts'
import type { MessageStatus } from '../chat/status.ts'
import type { MemberIndex } from '../ids/client-id.ts'
import type { ChatId, Month, UserId } from '../ids/ids.ts'

export type Role = 'patient' | 'doctor'

export interface Person {
  id: UserId
  name: string
  role: Role
  /** Only of doctors, and only when known. */
  specialty?: string
}

export type { MessageStatus } from '../chat/status.ts'

/** How the device stands with the server. */
export type ConnectionView =
  /** No session, or it ended: everything stays readable and writable, nothing syncs. */
  | { phase: 'signed-out' }
  | { phase: 'offline' }
  | { phase: 'connecting' }
  /** `behind`: documents still to catch up. */
  | { phase: 'syncing'; behind: number }
  | { phase: 'live' }

export interface ChatSummary {
  id: ChatId
  title: string
  /** The other person of a direct chat. */
  peer: Person | null
  online: boolean
  /** Milliseconds; null when never seen, or online now. */
  lastSeenAt: number | null
  /** Names of the people who are typing now. */
  typing: readonly string[]
  unread: number
  last: LastMessage | null
  /** Text in the composer that was not sent, or ''. */
  draft: string
}

export interface LastMessage {
  text: string
  at: number
  mine: boolean
  /** Only when mine. */
  status: MessageStatus | null
  retracted: boolean
}

export interface MessageView {
  /** Unique in the chat: page and entry. */
  key: `${Month}/${EntryId}`
  author: MemberIndex
  authorName: string
  mine: boolean
  at: number
  text: string
  /** Only when mine. */
  status: MessageStatus | null
  /** Why the server refused it; only on a message that will not be sent as it is. */
  refused: string | null
  edited: boolean
  retracted: boolean
}

/** A join or a leave, shown as a thin line. */
export interface MembershipView {
  key: string
  at: number
  name: string
  event: 'joined' | 'left'
}

export type TimelineItem =
  | ({ type: 'message' } & MessageView)
  | ({ type: 'membership' } & MembershipView)

/** The chat on screen. Items in order, oldest first, for the pages that are loaded. */
export interface ConversationView {
  chat: ChatSummary
  members: readonly Person[]
  items: readonly TimelineItem[]
  /** Whether older pages exist that are not loaded. */
  hasOlder: boolean
  /** Whether the chat's content on this device is known to be behind the server's. */
  incomplete: boolean
}

/** Everything outside a conversation. */
export interface ShellView {
  me: Person | null
  connection: ConnectionView
  /** Own messages that are only on this device. */
  waiting: number
  /** In the order in which a list shows them. */
  chats: readonly ChatSummary[]
  /** Set when the device's own database refuses to save. */
  storageProblem: string | null
}
