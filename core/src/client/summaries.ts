/** A chat's line in the list. */
import type { MessageStatus } from '../chat/status.ts'
import type { PersonPresence } from '../protocol/frames.ts'
import type { Chat, Member } from './chat-book.ts'
import type { ComposerDraft } from './composer-draft.ts'
import type { SentDraft } from './draft-book.ts'
import type { OutgoingMessage } from './outgoing-store.ts'
import type { ChatDigest } from './page-shelf.ts'
import type { ChatPrefs } from './prefs.ts'
import type { ChatSummary, LastMessage, Person } from './views.ts'

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
  const { chat, digest, seen, draft, sentDrafts, prefs } = input
  const others = othersIn(chat)
  const peer = peerIn(chat)
  return {
    id: chat.id,
    kind: chat.kind,
    title: chat.title === '' ? others.map((member) => member.name).join(', ') : chat.title,
    peer: peer === undefined ? null : personOf(peer),
    left: !chat.members.some(({ index, left }) => index === chat.me && left !== true),
    online: input.connected && seen?.online === true,
    lastSeenAt: seen === undefined || seen.online || seen.lastSeenAt === 0 ? null : seen.lastSeenAt,
    typing: others.filter(({ id }) => input.typing.includes(id)).map(({ name }) => name),
    unread: digest.unread,
    markedUnread: prefs.markedUnread,
    onRounds: prefs.onRounds,
    pinned: prefs.pinned,
    muted: prefs.muted,
    blocked: prefs.blocked,
    closed: chat.closedBy?.some((index) => index !== chat.me) === true,
    archived: isArchived(input),
    last: lastMessage(input),
    draft,
    sentDrafts,
  }
}

/** The other person of a direct chat. */
export const peerIn = (chat: Chat): Member | undefined =>
  chat.kind === 'direct' ? othersIn(chat)[0] : undefined

/** Small plain data: comparing it as text costs less than drawing it again. */
export const isSameSummary = (a: ChatSummary, b: ChatSummary): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

const othersIn = (chat: Chat): readonly Member[] =>
  chat.members.filter(({ index, left }) => index !== chat.me && left !== true)

/** Until somebody else writes. */
const isArchived = ({ chat, digest, prefs }: SummaryInput): boolean => {
  if (prefs.archivedAt === null) return false
  const { last } = digest
  return last === null || last.author === chat.me || last.at <= prefs.archivedAt
}

const lastMessage = ({ chat, digest, waiting, next }: SummaryInput): LastMessage | null => {
  if (next !== undefined && next.at >= (digest.last?.at ?? 0)) {
    const { text, files, at } = next
    return { text, files: files.length, at, mine: true, status: 'waiting', retracted: false }
  }
  if (digest.last === null) return null
  const { author, at, text, files, retracted, covered } = digest.last
  const mine = author === chat.me
  const own: MessageStatus = covered !== 'none' ? covered : waiting ? 'waiting' : 'stored'
  const name = chat.members.find(({ index }) => index === author)?.name
  const named = chat.kind === 'group' && !mine && name !== undefined && { authorName: name }
  return { text, files, at, mine, ...named, status: mine ? own : null, retracted }
}

const personOf = ({ id, name, role, specialty, birthDate }: Person): Person => ({
  id,
  name,
  role,
  ...(specialty === undefined ? {} : { specialty }),
  ...(birthDate === undefined ? {} : { birthDate }),
})
