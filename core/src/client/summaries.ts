/** A chat's line in the list. */
import { entryId } from '../chat/entry.ts'
import type { MessageStatus } from '../chat/status.ts'
import type { Chat } from './chat-book.ts'
import type { ComposerDraft } from './composer-draft.ts'
import type { OutboxBook } from './outbox-book.ts'
import type { OutgoingMessage } from './outgoing-store.ts'
import type { ChatDigest } from './page-shelf.ts'
import type { ChatPrefs } from './prefs.ts'
import type { PresenceBook } from './presence-book.ts'
import type { ChatSummary, LastMessage, Person } from './views.ts'

export interface SummaryInput {
  chat: Chat
  digest: ChatDigest
  outbox: OutboxBook
  /** Messages whose files are on their way. */
  outgoing: readonly OutgoingMessage[]
  presence: PresenceBook
  /** Whether this device is connected: without it nobody is known to be online. */
  connected: boolean
  typing: readonly string[]
  draft: ComposerDraft
  prefs: ChatPrefs
  /** The summary before; it comes back when nothing changed. */
  before: ChatSummary | undefined
}

export const summarise = (input: SummaryInput): ChatSummary => {
  const { chat, digest, presence, draft, prefs } = input
  const present = chat.members.filter((member) => member.left !== true)
  const others = present.filter((member) => member.index !== chat.me)
  const [only] = others
  const peer: Person | null = only !== undefined && chat.kind === 'direct' ? personOf(only) : null
  const seen = peer === null ? undefined : presence.of(peer.id)
  const summary: ChatSummary = {
    id: chat.id,
    kind: chat.kind,
    title: chat.title === '' ? others.map((member) => member.name).join(', ') : chat.title,
    peer,
    left: !present.some((member) => member.index === chat.me),
    online: input.connected && seen?.online === true,
    lastSeenAt: seen === undefined || seen.online || seen.lastSeenAt === 0 ? null : seen.lastSeenAt,
    typing: others.filter(({ id }) => input.typing.includes(id)).map(({ name }) => name),
    unread: digest.unread,
    markedUnread: prefs.markedUnread,
    pinned: prefs.pinned,
    muted: prefs.muted,
    archived: isArchived(input),
    last: lastMessage(input),
    draft,
  }
  return input.before !== undefined && isSame(input.before, summary) ? input.before : summary
}

/** Until somebody else writes. */
const isArchived = ({ chat, digest, prefs }: SummaryInput): boolean => {
  if (prefs.archivedAt === null) return false
  const { last } = digest
  return last === null || last.author === chat.me || last.at <= prefs.archivedAt
}

const lastMessage = ({ chat, digest, outbox, outgoing }: SummaryInput): LastMessage | null => {
  const next = outgoing.at(-1)
  if (next !== undefined && next.at >= (digest.last?.at ?? 0)) {
    const { text, files, at } = next
    return { text, files: files.length, at, mine: true, status: 'waiting', retracted: false }
  }
  if (digest.last === null) return null
  const { doc, writer, n, author, at, text, files, retracted, covered } = digest.last
  const mine = author === chat.me
  const waiting = outbox.isWaiting(doc, entryId(writer, n))
  const own: MessageStatus = covered !== 'none' ? covered : waiting ? 'waiting' : 'stored'
  const name = chat.members.find(({ index }) => index === author)?.name
  const named = chat.kind === 'group' && !mine && name !== undefined && { authorName: name }
  return { text, files, at, mine, ...named, status: mine ? own : null, retracted }
}

const personOf = ({ id, name, role, specialty }: Person): Person => ({
  id,
  name,
  role,
  ...(specialty === undefined ? {} : { specialty }),
})

/** Small plain data: comparing it as text costs less than drawing it again. */
const isSame = (a: ChatSummary, b: ChatSummary): boolean => JSON.stringify(a) === JSON.stringify(b)
