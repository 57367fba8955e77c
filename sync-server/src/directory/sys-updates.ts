/**
 * What the server writes into `sys` maps, as Yjs updates. Every key is set once and every write
 * has a writer of its own, so the server needs to remember nothing between two writes, and two
 * servers cannot collide.
 */

import { clientIdOf, SERVER_INDEX, type Writer } from '@wardline/core/base/client-id'
import type { ChatId, Month, UserId } from '@wardline/core/base/ids'
import { SYS } from '@wardline/core/chat/lanes'
import {
  type ChatKind,
  eventKey,
  type GroupSealed,
  KIND_KEY,
  memberKey,
  pageKey,
  type SysEvent,
  type SysMember,
  titleKey,
  type UserChat,
  userChatKey,
} from '@wardline/core/chat/sys'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import {
  type Chat,
  type GroupState,
  type Member,
  membersFor,
  withoutBirthDate,
} from './chat-record.ts'

/**
 * Into a new chat's document: its kind, its title, its members and that they joined; in a group
 * `by` whom.
 */
export const encodeNewChat = (chat: Chat, writer: Writer, by?: UserId): Uint8Array =>
  encodeSys(writer, [
    [KIND_KEY, chat.kind],
    ...(chat.group === undefined ? [] : [[titleKey(1), chat.group.title] as const]),
    ...chat.members.map(
      (member): SysItem => [memberKey(member.index, 1), sysMember(member, chat.kind)],
    ),
    ...chat.members.map((member, i): SysItem => [eventKey(i + 1), sysEvent('joined', member, by)]),
  ])

/** Into a group's document: that somebody joined, or came back, or left; with the new version. */
export const encodeMembership = (
  what: SysEvent['event'],
  member: Member,
  by: UserId,
  version: number,
  writer: Writer,
): Uint8Array =>
  encodeSys(writer, [
    [
      memberKey(member.index, version),
      { ...sysMember(member, 'group'), ...(what === 'left' && { left: true }) },
    ],
    [eventKey(version), sysEvent(what, member, by)],
  ])

/** Into the document of a group that the server had lost, or parts of it: how it is again. */
export const encodeRecalled = (
  chat: Chat & { group: GroupState },
  out: readonly Member[],
  isNew: boolean,
  writer: Writer,
): Uint8Array => {
  const { title, version } = chat.group
  const key = ({ index }: Member): string => memberKey(index, version)
  return encodeSys(writer, [
    ...(isNew ? [[KIND_KEY, chat.kind] as const] : []),
    [titleKey(version), title],
    ...chat.members.map((member): SysItem => [key(member), sysMember(member, 'group')]),
    ...out.map((member): SysItem => [key(member), { ...sysMember(member, 'group'), left: true }]),
  ])
}

/** Into a group's document: its new title. */
export const encodeTitle = (title: string, version: number, writer: Writer): Uint8Array =>
  encodeSys(writer, [[titleKey(version), title]])

/** Into the document of a group's member, or of one who has just left: how the group is now. */
export const encodeUserGroup = (
  chat: Chat & { group: GroupState },
  member: Member,
  version: number,
  writer: Writer,
  sealed?: GroupSealed,
): Uint8Array =>
  encodeSys(writer, [[userChatKey(chat.id, version), userGroup(chat, member, sealed)]])

export const userGroup = (
  chat: Chat & { group: GroupState },
  member: Member,
  sealed?: GroupSealed,
): UserChat => {
  const left = !chat.members.some(({ userId }) => userId === member.userId)
  const { title } = chat.group
  const out = { left: true } as const
  return {
    kind: 'group',
    title,
    members: membersFor(
      left ? [...chat.members, { ...member, ...out }] : chat.members,
      chat.kind,
      member.role,
    ),
    at: member.since,
    ...(left && out),
    ...(sealed !== undefined && { sealed }),
  }
}

/** Into a member's user document: that they are in the direct chat, or how it is now. */
export const encodeUserChat = (chat: Chat, at: number, writer: Writer): Uint8Array =>
  encodeSys(writer, [[userChatKey(chat.id, chat.closing?.version), userChat(chat, at)]])

export const userChat = (chat: Chat, at: number): UserChat => {
  const members = chat.members.map(({ since: _, ...member }) => member)
  const { by = [] } = chat.closing ?? {}
  return { kind: chat.kind, members, at, ...(by.length > 0 && { closedBy: by }) }
}

/** Into the document of the other one of a direct chat: that it was erased, with all that was in it. */
export const encodeErasedChat = (
  chat: ChatId,
  { since, ...member }: Member,
  version: number,
  writer: Writer,
): Uint8Array => {
  const out = { left: true } as const
  const value: UserChat = {
    kind: 'direct',
    members: [{ ...member, ...out }],
    at: since,
    erased: true,
    ...out,
  }
  return encodeSys(writer, [[userChatKey(chat, version), value]])
}

/** Into a direct chat's document: how one of its members is now. */
export const encodeMember = (member: Member, version: number, writer: Writer): Uint8Array =>
  encodeSys(writer, [[memberKey(member.index, version), sysMember(member, 'direct')]])

/** Into a chat's document: that a month has a page. */
export const encodePage = (month: Month, writer: Writer): Uint8Array =>
  encodeSys(writer, [[pageKey(month), true]])

export type SysItem = readonly [key: string, value: unknown]

/** Each key is set once in a document. */
export const encodeSys = (writer: Writer, items: readonly SysItem[]): Uint8Array =>
  encodeLaneWrite({
    client: clientIdOf(SERVER_INDEX, writer),
    clock: 0,
    items: items.map(([key, value]) => ({ map: SYS, key, value })),
  })

/**
 * As everybody in the chat reads it, so without what in a group is for doctors alone. The index is in
 * the key.
 */
export const sysMember = (member: Member, kind: ChatKind): Omit<SysMember, 'index'> => {
  const { index: _, since, ...rest } = kind === 'group' ? withoutBirthDate(member) : member
  return { ...rest, at: since }
}

export const sysEvent = (
  what: SysEvent['event'],
  { index, userId, name, since }: Member,
  by: UserId | undefined,
): SysEvent => ({
  event: what,
  index,
  name,
  at: since,
  ...(by !== undefined && by !== userId && { by }),
})
