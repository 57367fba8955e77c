/**
 * What the server writes into `sys` maps, as Yjs updates. Every key is set once and every write
 * has a writer of its own, so the server needs to remember nothing between two writes, and two
 * servers cannot collide.
 */
import { SYS } from '@wardline/core/chat/lanes'
import {
  eventKey,
  KIND_KEY,
  memberKey,
  pageKey,
  type SysEvent,
  type SysMember,
  type UserChat,
  userChatKey,
} from '@wardline/core/chat/sys'
import { clientIdOf, SERVER_INDEX, type Writer } from '@wardline/core/ids/client-id'
import type { Month } from '@wardline/core/ids/ids'
import { encodeLaneWrite } from '@wardline/core/update/lane-writer'
import type { Chat, Member } from './chat-record.ts'

/** Into a new chat's document: its kind, its members and that they joined. */
export const encodeNewChat = (chat: Chat, writer: Writer): Uint8Array =>
  encodeSys(writer, [
    [KIND_KEY, chat.kind],
    ...chat.members.map((member): SysItem => [memberKey(member.index, 1), sysMember(member)]),
    ...chat.members.map((member, i): SysItem => [eventKey(i + 1), joined(member)]),
  ])

/** Into a member's user document: that they are in the chat. */
export const encodeUserChat = (chat: Chat, at: number, writer: Writer): Uint8Array => {
  const members = chat.members.map(({ since: _, ...member }) => member)
  const value: UserChat = { kind: chat.kind, members, at }
  return encodeSys(writer, [[userChatKey(chat.id), value]])
}

/** Into a chat's document: that a month has a page. */
export const encodePage = (month: Month, writer: Writer): Uint8Array =>
  encodeSys(writer, [[pageKey(month), true]])

type SysItem = readonly [key: string, value: unknown]

const encodeSys = (writer: Writer, items: readonly SysItem[]): Uint8Array =>
  encodeLaneWrite({
    client: clientIdOf(SERVER_INDEX, writer),
    clock: 0,
    items: items.map(([key, value]) => ({ map: SYS, key, value })),
  })

/** The index is in the key. */
const sysMember = ({ index: _, since, ...member }: Member): Omit<SysMember, 'index'> => ({
  ...member,
  at: since,
})

const joined = ({ index, name, since }: Member): SysEvent => ({
  event: 'joined',
  index,
  name,
  at: since,
})
