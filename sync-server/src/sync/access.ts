import type { MemberIndex } from '@wardline/core/base/client-id'
import {
  type DocName,
  type DocRef,
  directPair,
  monthStart,
  parseDocName,
  type UserId,
} from '@wardline/core/base/ids'
import { type Lane, laneOf, OWNER_INDEX } from '@wardline/core/chat/lanes'
import { CloseCode } from '@wardline/core/protocol/close-code'
import type { Member } from '../directory/chat-record.ts'
import { maySee, type Scoped } from '../directory/chat-scope.ts'
import type { SyncDirectory } from './ports.ts'

/** How far a page may lie in the future: clocks of devices are wrong by hours, not by months. */
const AHEAD_MS = 24 * 60 * 60 * 1000

export type Access =
  | { readonly kind: 'granted'; readonly index: MemberIndex; readonly lane: Lane }
  | { readonly kind: 'denied'; readonly code: number; readonly reason: string }

const denied = (code: number, reason: string): Access => ({ kind: 'denied', code, reason })

/** Who wants to open documents. */
export interface Opener extends Scoped {
  readonly userId: UserId
}

/**
 * Whether somebody may open a document, and as whom. Of the user document of one who sees some of
 * their chats only, see {@link ScopedRows}. A direct chat begins with the first of its two
 * people who opens it, because both can start it offline. Rejects with `StoreError`.
 *
 * @param now milliseconds since 1970
 */
export const accessOf = async (
  directory: SyncDirectory,
  opener: Opener,
  name: string,
  now: number,
): Promise<Access> => {
  const user = opener.userId
  const ref = parseDocName(name)
  if (ref === undefined) return denied(CloseCode.notFound, 'no such document')
  const granted = (index: MemberIndex): Access => ({
    kind: 'granted',
    index,
    lane: laneOf(ref, index),
  })
  if (ref.kind === 'user') {
    if (ref.user === user) return granted(OWNER_INDEX)
    return denied(CloseCode.forbidden, 'not your document')
  }
  if (!maySee(opener, ref.chat)) return denied(CloseCode.forbidden, 'not a chat of this token')
  const chat = await directory.chatOf(ref.chat)
  // What was written once can be read, whatever the clock says by now, and however wrong it was then.
  const indexIn = (members: readonly Member[] = []): MemberIndex | undefined =>
    members.find(({ userId }) => userId === user)?.index
  let index = indexIn(chat?.members)
  const isAhead = ref.kind === 'page' && monthStart(ref.month) > now + AHEAD_MS
  if (isAhead && (index === undefined || chat?.pages.includes(ref.month) !== true))
    return denied(CloseCode.notFound, 'a page in the future')
  const pair = index === undefined ? directPair(ref.chat) : undefined
  if (pair?.patient === user || pair?.doctor === user) {
    const made = await directory.registerDirectChat(pair.patient, pair.doctor, user)
    if (!made.ok && made.error.code === 'server-busy')
      return denied(CloseCode.unavailable, 'try again')
    index = indexIn((await directory.chatOf(ref.chat))?.members)
  }
  return index === undefined ? denied(CloseCode.forbidden, 'not a member') : granted(index)
}

/** The document's name if it is one. */
export const docNameFrom = (text: string): DocName | undefined =>
  parseDocName(text) === undefined ? undefined : (text as DocName)

/** Lists a page in its chat. Rejects when the directory cannot. */
export const listPage = async (directory: SyncDirectory, ref: DocRef): Promise<void> => {
  if (ref.kind !== 'page') return
  const listed = await directory.registerPage(ref.chat, ref.month)
  if (!listed.ok) throw new Error(`the page was not listed: ${listed.error.code}`)
}
