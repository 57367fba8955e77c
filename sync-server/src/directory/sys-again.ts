/**
 * What the server writes into its documents, derived once more from the records: for one that was
 * damaged. Events of a chat that are lost stay lost, but those of its beginning.
 */

import type { DocRef } from '@wardline/core/base/ids'
import { SYS } from '@wardline/core/chat/lanes'
import {
  eventKey,
  KIND_KEY,
  memberKey,
  pageKey,
  titleKey,
  userChatKey,
} from '@wardline/core/chat/sys'
import * as Y from 'yjs'
import type { Chat, GroupState } from './chat-record.ts'
import type { Directory } from './directory.ts'
import { encodeSys, type SysItem, sysEvent, sysMember, userChat, userGroup } from './sys-updates.ts'

/**
 * The update that adds what is missing to what is left of a document; undefined for a page, and
 * when nothing is missing. Rejects with `StoreError`.
 */
export const sysAgain = async (
  directory: Pick<Directory, 'chatOf' | 'chatsOf' | 'newWriter'>,
  ref: DocRef,
  left: readonly Uint8Array[],
): Promise<Uint8Array | undefined> => {
  if (ref.kind === 'page') return undefined
  const items =
    ref.kind === 'chat'
      ? itemsOfChat(await directory.chatOf(ref.chat))
      : (await directory.chatsOf(ref.user)).map(({ chat, index }) => itemOfMember(chat, index))
  const doc = new Y.Doc()
  for (const update of left) Y.applyUpdate(doc, update)
  const there = doc.getMap(SYS)
  const missing = items.filter(([key]) => !there.has(key))
  return missing.length === 0 ? undefined : encodeSys(directory.newWriter(), missing)
}

const itemsOfChat = (chat: Chat | undefined): SysItem[] => {
  if (chat === undefined) return []
  const { members, group, pages } = chat
  const version = group?.version ?? chat.closing?.version ?? 1
  return [
    [KIND_KEY, chat.kind],
    ...(group === undefined ? [] : [[titleKey(version), group.title] as const]),
    ...members.map(
      (member): SysItem => [memberKey(member.index, version), sysMember(member, chat.kind)],
    ),
    ...(group?.former ?? []).map(
      (member): SysItem => [
        memberKey(member.index, version),
        { ...sysMember(member, chat.kind), left: true },
      ],
    ),
    ...members
      .slice(0, version === 1 || group === undefined ? members.length : 0)
      .map((member, i): SysItem => [eventKey(i + 1), sysEvent('joined', member, undefined)]),
    ...pages.map((month): SysItem => [pageKey(month), true]),
  ]
}

const itemOfMember = (chat: Chat, index: number): SysItem => {
  const { group } = chat
  const member = chat.members.find((one) => one.index === index)
  if (group === undefined || member === undefined)
    return [
      userChatKey(chat.id, chat.closing?.version),
      userChat(chat, member?.since ?? chat.createdAt),
    ]
  const withGroup: Chat & { group: GroupState } = { ...chat, group }
  return [userChatKey(chat.id, group.version), userGroup(withGroup, member)]
}
