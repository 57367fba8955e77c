/** A chat's line in the list. */
import { activityOf } from '../../chat/dating.ts'
import type { ChatPrefs } from '../../chat/prefs.ts'
import { knowsBirthDates } from '../../chat/role.ts'
import type { MessageStatus } from '../../chat/status.ts'
import type { PersonPresence } from '../../protocol/frames.ts'
import type { Chat, Member } from '../chats/chat-registry.ts'
import { nameIn } from '../chats/member-names.ts'
import type { ChatDigest } from '../chats/page-index.ts'
import type { ComposerDraft } from '../model/composer-draft.ts'
import type { SentDraft } from '../model/draft-book.ts'
import { messageKey } from '../model/message-key.ts'
import type { ChatSummary, LastMessage, NewsView, Person } from '../model/views.ts'
import type { OutgoingMessage } from '../store/outgoing-store.ts'

/**
 * All that a line is made of. Values that did not change are the same objects: what was made of
 * them is then still right.
 */
export interface SummaryInput {
  chat: Chat
  digest: ChatDigest
  /** Whether the newest entry is one of this device's own that the server does not have yet. */
  waiting: boolean
  /** The newest message whose files are on their way. */
  next: OutgoingMessage | undefined
  /** What is known of the other person of a direct chat. */
  seen: PersonPresence | undefined
  /** Whether this device is connected: without it nobody is known to be online. */
  connected: boolean
  typing: readonly string[]
  draft: ComposerDraft
  sentDrafts: readonly SentDraft[]
  prefs: ChatPrefs
}

export const summarise = (input: SummaryInput): ChatSummary => {
  const { chat, digest, draft, sentDrafts, prefs } = input
  const others = othersIn(chat)
  const peer = peerIn(chat)
  // Who was shut out a moment ago may be thought to be there for a while.
  const seen = peer?.accountClosed === true ? undefined : input.seen
  return {
    id: chat.id,
    kind: chat.kind,
    title: chat.title === '' ? others.map((member) => member.name).join(', ') : chat.title,
    peer: peer === undefined ? null : personOf(peer),
    patients: patientsIn(chat).map(personOf),
    left: !chat.members.some(({ index, left }) => index === chat.me && left !== true),
    online: input.connected && seen?.online === true,
    lastSeenAt: seen === undefined || seen.online || seen.lastSeenAt === 0 ? null : seen.lastSeenAt,
    typing: others
      .filter(({ id }) => input.typing.includes(id))
      .map(({ index }) => nameIn(chat, index)),
    unread: digest.unread,
    news: newsOf(input),
    markedUnread: prefs.markedUnread,
    onRounds: prefs.onRounds,
    pinned: prefs.pinned,
    muted: prefs.muted,
    blocked: prefs.blocked,
    closed: peer?.accountClosed === true || isClosedByOther(chat),
    archived: isArchived(input),
    last: lastMessage(input),
    draft,
    sentDrafts,
  }
}

const isClosedByOther = (chat: Chat): boolean =>
  chat.closedBy?.some((index) => index !== chat.me) === true

/** The other person of a direct chat. */
export const peerIn = (chat: Chat): Member | undefined =>
  chat.kind === 'direct' ? othersIn(chat)[0] : undefined

/** Small plain data: comparing it as text costs less than drawing it again. */
export const isSameSummary = (a: ChatSummary, b: ChatSummary): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

const othersIn = (chat: Chat): readonly Member[] =>
  chat.members.filter(({ index, left }) => index !== chat.me && left !== true)

/** Whom a doctor might mistake for somebody else. */
const patientsIn = (chat: Chat): readonly Member[] =>
  knowsBirthDates(chat.members.find(({ index }) => index === chat.me)?.role ?? 'patient')
    ? othersIn(chat).filter(({ role }) => role === 'patient')
    : []

const newsOf = ({ chat, digest: { newest } }: SummaryInput): NewsView | null => {
  if (newest === null) return null
  const { author, arrivedAt, text, files, file } = newest
  const key = messageKey(newest)
  const content = { text, files, file, ...namedIn(chat, author) }
  return { key, at: activityOf(newest), late: arrivedAt !== null, ...content }
}

/** Who wrote it, where that does not go without saying. */
const namedIn = (chat: Chat, author: number): { authorName?: string } => {
  const name = nameIn(chat, author)
  return chat.kind === 'group' && author !== chat.me && name !== '' ? { authorName: name } : {}
}

/**
 * Until there is more of others than there was; when it was written, and what the person writes
 * themself, has nothing to do with it.
 */
const isArchived = ({ digest, prefs }: SummaryInput): boolean => {
  const { archivedAt, archivedWith } = prefs
  if (archivedAt === null) return false
  // Put away by a program that did not count.
  if (archivedWith === null) return digest.incomingAt <= archivedAt
  return digest.incoming <= archivedWith
}

const lastMessage = ({ chat, digest, waiting, next }: SummaryInput): LastMessage | null => {
  if (next !== undefined && (digest.last === null || next.at >= activityOf(digest.last))) {
    const { text, files, at } = next
    const first = files[0]?.attachment
    const file = first === undefined ? null : { name: first.name, type: first.type }
    const own = { mine: true, status: 'waiting', retracted: false } as const
    return { text, files: files.length, file, at, arrivedAt: null, ...own }
  }
  if (digest.last === null) return null
  const { author, at, arrivedAt, text, files, file, retracted, covered } = digest.last
  const mine = author === chat.me
  const own: MessageStatus = covered !== 'none' ? covered : waiting ? 'waiting' : 'stored'
  const status = mine ? own : null
  return { text, files, file, at, arrivedAt, mine, ...namedIn(chat, author), status, retracted }
}

const personOf = ({ id, name, role, specialty, birthDate, accountClosed }: Person): Person => ({
  id,
  name,
  role,
  ...(specialty === undefined ? {} : { specialty }),
  ...(birthDate === undefined ? {} : { birthDate }),
  ...(accountClosed === undefined ? {} : { accountClosed }),
})
