/** What the documents say of a chat in which somebody is shown in another way. */
import type { Writer } from '@wardline/core/base/client-id'
import { chatDoc, userDoc } from '@wardline/core/base/ids'
import { memberKey } from '@wardline/core/chat/sys'
import { may } from '../permissions/permissions.ts'
import type { Append } from '../storage/store.ts'
import type { Member } from './chat-record.ts'
import type { NewFaces } from './face.ts'
import type { Group } from './groups.ts'
import { encodeSys, encodeUserChat, type SysItem, sysMember } from './sys-updates.ts'

export interface FaceTellers {
  /** What these members of a group are told of it. */
  toGroup(chat: Group, members: readonly Member[]): Append[]
  newWriter(): Writer
}

/** To everybody who may know: a group's patients learn nothing of a birth date, nor that it changed. */
export const tellFaces = (
  { chat, changed, onlyBorn }: NewFaces,
  { toGroup, newWriter }: FaceTellers,
): Append[] => {
  const { id, members, group, closing } = chat
  const version = group?.version ?? closing?.version ?? 1
  const isChanged = ({ index }: Member): boolean => changed.includes(index)
  const items: SysItem[] = [
    ...members
      .filter(isChanged)
      .map((member): SysItem => [memberKey(member.index, version), sysMember(member, chat.kind)]),
    ...(group?.former ?? [])
      .filter(isChanged)
      .map(
        (member): SysItem => [
          memberKey(member.index, version),
          { ...sysMember(member, chat.kind), left: true },
        ],
      ),
  ]
  const toChat = { doc: chatDoc(id), update: encodeSys(newWriter(), items) }
  if (group === undefined)
    return [
      toChat,
      ...members.map(({ userId, since }) => ({
        doc: userDoc(userId),
        update: encodeUserChat(chat, since, newWriter()),
      })),
    ]
  const whole = { ...chat, group }
  return onlyBorn
    ? toGroup(
        whole,
        members.filter(({ role }) => may('birth-date.read', [role], 'member')),
      )
    : [toChat, ...toGroup(whole, members)]
}
