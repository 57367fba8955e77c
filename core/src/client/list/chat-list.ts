/** The list of chats as a person sees it: a line for each, in the order in which it is shown. */
import { activityOf } from '../../chat/dating.ts'
import { entryId } from '../../chat/entry.ts'
import type { MemberRole } from '../../chat/role.ts'
import type { Chat, ChatRegistry, Member } from '../chats/chat-registry.ts'
import type { OutboxIndex } from '../chats/outbox-index.ts'
import type { PageIndex } from '../chats/page-index.ts'
import type { Presence } from '../chats/presence.ts'
import type { Drafts } from '../conversation/drafts.ts'
import type { ChatSettings } from '../documents/chat-settings.ts'
import type { UploadQueue } from '../files/upload-queue.ts'
import type { ChatSummary } from '../model/views.ts'
import type { Typists } from '../sync/typing.ts'
import { isSameSummary, peerIn, type SummaryInput, summarise } from './summaries.ts'

export interface ChatListOptions {
  /** Of the person of this device. */
  role: MemberRole
  chats: ChatRegistry
  pageIndex: PageIndex
  outbox: OutboxIndex
  outgoing: UploadQueue
  presence: Presence
  typists: Typists
  drafts: Drafts
  settings: ChatSettings
  isConnected(): boolean
}

interface Line {
  readonly summary: ChatSummary
  /** The other person of a direct chat. */
  readonly peer: Member | undefined
  /** What it was made of. */
  readonly from: SummaryInput
}

export class ChatList {
  readonly #options: ChatListOptions
  readonly #lines = new Map<Chat['id'], Line>()

  constructor(options: ChatListOptions) {
    this.#options = options
  }

  /** In the order in which they are shown. */
  all(): readonly ChatSummary[] {
    const { chats, pageIndex, role } = this.#options
    // Of a chat that the person is out of there is only what this device had.
    const kept = [...chats.all()].filter(
      (chat) => !chat.left || (!chat.erased && pageIndex.months(chat.id).length > 0),
    )
    const shown = kept.map((chat) => {
      const summary = this.of(chat)
      return {
        summary,
        rank: rankOf(summary, role),
        at: summary.last ? activityOf(summary.last) : chat.since,
      }
    })
    shown.sort((a, b) => b.rank - a.rank || b.at - a.at)
    return shown.map(({ summary }) => summary)
  }

  /** The same object until something of it changes. */
  of(chat: Chat): ChatSummary {
    const before = this.#lines.get(chat.id)
    const peer = before?.from.chat === chat ? before.peer : peerIn(chat)
    const from = this.#inputOf(chat, peer)
    // Any change at all asks for the list again, and nearly all chats are as they were.
    if (before !== undefined && isSameInput(before.from, from)) return before.summary
    const made = summarise(from)
    const summary = before && isSameSummary(before.summary, made) ? before.summary : made
    this.#lines.set(chat.id, { summary, peer, from })
    return summary
  }

  #inputOf(chat: Chat, peer: Member | undefined): SummaryInput {
    const { pageIndex, outbox, outgoing, presence, typists, drafts, settings } = this.#options
    const digest = pageIndex.digest(chat.id)
    const { last } = digest
    return {
      chat,
      digest,
      waiting: last?.author === chat.me && outbox.isWaiting(last.doc, entryId(last.writer, last.n)),
      next: outgoing.of(chat.id).at(-1),
      seen: peer && presence.of(peer.id),
      connected: this.#options.isConnected(),
      typing: typists.in(chat.id),
      draft: drafts.of(chat.id),
      sentDrafts: drafts.sent(chat.id),
      prefs: settings.of(chat.id),
    }
  }
}

/** Pinned first, and then, for those who have many patients, who waits for an answer. */
const rankOf = ({ pinned, unread, markedUnread }: ChatSummary, role: MemberRole): number =>
  (pinned ? 2 : 0) + (role !== 'patient' && (unread > 0 || markedUnread) ? 1 : 0)

const isSameInput = (a: SummaryInput, b: SummaryInput): boolean =>
  a.chat === b.chat &&
  a.digest === b.digest &&
  a.waiting === b.waiting &&
  a.next === b.next &&
  a.seen === b.seen &&
  a.connected === b.connected &&
  a.typing === b.typing &&
  a.draft === b.draft &&
  a.sentDrafts === b.sentDrafts &&
  a.prefs === b.prefs
