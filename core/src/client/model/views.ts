/**
 * What a user interface shows: plain, immutable values that the client derives from local data.
 * A new object means something changed; an unchanged part keeps its identity.
 */

import type { MemberIndex } from '../../base/client-id.ts'
import type { ChatId, UserId } from '../../base/ids.ts'
import type { Attachment } from '../../chat/attachment.ts'
import type { BirthDate } from '../../chat/birth-date.ts'
import type { DatedBefore } from '../../chat/dating.ts'
import type { MemberRole, Role } from '../../chat/role.ts'
import type { MessageStatus } from '../../chat/status.ts'
import type { ComposerDraft } from './composer-draft.ts'
import type { SentDraft } from './draft-book.ts'
import type { MessageKey } from './message-key.ts'
import type { FileInBrief } from './page-summary.ts'
import type { Transfer } from './transfer.ts'

export interface Person {
  id: UserId
  name: string
  role: MemberRole
  /** Only of the person of this device, and only when the server said so. */
  roles?: readonly Role[]
  /** Only of doctors, and only when known. */
  specialty?: string
  /** Only of patients, only for doctors, and only when known. */
  birthDate?: BirthDate
  /** Their account is closed. */
  accountClosed?: true
}

export type { MessageStatus } from '../../chat/status.ts'

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
  kind: 'direct' | 'group'
  title: string
  /** The other person of a direct chat. */
  peer: Person | null
  /** For doctors and staff: the patients who are in it. None for patients. */
  patients: readonly Person[]
  /** Whether the person is no longer a member: they keep what they had, and get nothing new. */
  left: boolean
  online: boolean
  /** Milliseconds; null when never seen, or online now. */
  lastSeenAt: number | null
  /** Names of the people who are typing now. */
  typing: readonly string[]
  unread: number
  /** The unread message that came last, wherever it sorts. */
  news: NewsView | null
  /** The person asked for it to look unread, whatever was read. */
  markedUnread: boolean
  /** One of the patients to be seen; see `RoundsView`. */
  onRounds: boolean
  pinned: boolean
  /** Out of the way until somebody else writes. */
  archived: boolean
  muted: boolean
  /** The person takes no messages of the other one in this direct chat. */
  blocked: boolean
  /** The other person takes none, or has no account any more. */
  closed: boolean
  last: LastMessage | null
  /** What stands unfinished in the composer. */
  draft: ComposerDraft
  /** What went out of its drafts lately, from whatever tab. */
  sentDrafts: readonly SentDraft[]
}

/** An unread message. */
export interface NewsView {
  key: MessageKey
  /** When it came, as far as is known, ms. */
  at: number
  /** Whether that is another time than it says it was written. */
  late: boolean
  /** '' for one that has only files. */
  text: string
  /** Number of files in it. */
  files: number
  /** The first of them. */
  file: FileInBrief | null
  /** Only in a group, when their name is known here. */
  authorName?: string
}

/** The message by which there was something new last. */
export interface LastMessage {
  /** '' for one that has only files. */
  text: string
  /** Number of files in it. */
  files: number
  /** The first of them. */
  file: FileInBrief | null
  at: number
  /** When it got to the server, ms, if that is not about `at`. */
  arrivedAt: number | null
  mine: boolean
  /** Only of somebody else's in a group, when their name is known here. */
  authorName?: string
  /** Only when mine. */
  status: MessageStatus | null
  retracted: boolean
}

export interface MessageView {
  /** Unique in the chat: page and entry. */
  key: MessageKey
  author: MemberIndex
  authorName: string
  /** Only of patients, only for doctors, and only when known. */
  authorBorn?: BirthDate
  mine: boolean
  at: number
  text: string
  /** Only when mine. */
  status: MessageStatus | null
  /** Why the server refused it; only on a message that will not be sent as it is. */
  refused: string | null
  edited: boolean
  retracted: boolean
  /** Only of one whose content this version cannot open. */
  unreadable?: true
  /** What it answers. */
  reply: ReplyView | null
  reactions: readonly ReactionView[]
  attachments: readonly Attachment[]
  /** Only of one whose files are on their way: it is on this device alone, and has no status yet. */
  transfer?: TransferView
  /**
   * Text of the newest message before it that its author had not seen when writing: an answer that
   * crossed a question. Null when there is none.
   */
  writtenBefore: { key: MessageKey; at: number } | null
  /** When it got to the server, ms, if that is not about `at`; null when `at` says it. */
  arrivedAt: number | null
  /** Whether it says it was written before there was the chat, or its author was in it. */
  datedBefore: DatedBefore | null
  /** Somebody else's, which the person has not read. */
  unread: boolean
}

/** How a message with files stands; `uploaded` are the hashes of those that are there. */
export type TransferView = Transfer & { readonly uploaded: readonly string[] }

export interface ReplyView {
  key: MessageKey
  /** '' when the message is not on this device, or not loaded. */
  authorName: string
  text: string
  retracted: boolean
}

/** All reactions with one emoji. */
export interface ReactionView {
  emoji: string
  names: readonly string[]
  mine: boolean
}

/** When a message reached a member; null for not yet. Milliseconds. */
export interface MessageInfo {
  person: Person
  deliveredAt: number | null
  readAt: number | null
}

/** Joins or leaves that happened together, shown as a thin line. */
export interface MembershipView {
  key: string
  at: number
  names: readonly string[]
  event: 'created' | 'joined' | 'left'
  /** Who took them in or out; null when they did it themselves. */
  by: string | null
}

export type TimelineItem =
  | ({ type: 'message' } & MessageView)
  | ({ type: 'membership' } & MembershipView)

/** The chat on screen. Items in order, oldest first, for the pages that are loaded. */
export interface ConversationView {
  chat: ChatSummary
  /** Those who are in it now, the person of this device among them. */
  members: readonly Person[]
  items: readonly TimelineItem[]
  /** What is unread in older pages that are not loaded. */
  unreadBefore: UnreadBefore | null
  /** Whether older pages exist that are not loaded. */
  hasOlder: boolean
  /** Whether the chat's content on this device is known to be behind the server's. */
  incomplete: boolean
  /** Whether the server has something of it damaged, which comes back; until then nothing is sent. */
  restoring: boolean
}

/** Unread messages above what is loaded. */
export interface UnreadBefore {
  count: number
  /** The first of them on screen. */
  first: MessageKey
  /** When that one got to the server, ms, if its own time does not say it. */
  arrivedAt: number | null
}

/** How complete the device is for the chats on the person's rounds. */
export interface RoundsView {
  /** When the device last had all of them, ms; null when it never had, or there are none. */
  completeAsOf: number | null
  /** Recent files that are not on the device yet. */
  missingFiles: number
  /** Recent files that there is no room for. */
  omittedFiles: number
}

/** Before anybody is on the rounds. */
export const noRounds: RoundsView = { completeAsOf: null, missingFiles: 0, omittedFiles: 0 }

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
  /** Of the people with whom the person shares a chat, those who are online as far as is known. */
  online: readonly UserId[]
  rounds: RoundsView
}
