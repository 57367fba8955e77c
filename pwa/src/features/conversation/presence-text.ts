import { birthDateText } from '@wardline/core/chat/birth-date'
import type { ChatSummary, Person } from '@wardline/core/client/model/views'
import { lastSeenText } from '../../ui/time-text.ts'
import { typingText } from './typing-text.ts'

export interface Presence {
  text: string
  /** Something goes on right now. */
  active: boolean
}

const membersText = (members: readonly Person[]): string => {
  const names = members
    .map(({ name, birthDate }) =>
      birthDate === undefined ? name : `${name} (${birthDateText(birthDate)})`,
    )
    .join(', ')
  return members.length < 2 ? names : `${members.length} members: ${names}`
}

/** The line under a chat's name: typing, online, last seen; for a group who is in it. */
export const presenceOf = (
  chat: ChatSummary,
  members: readonly Person[],
  now: number,
): Presence => {
  if (chat.left) return { text: 'You are no longer a member', active: false }
  if (chat.peer?.accountClosed === true) return { text: 'Account closed', active: false }
  if (chat.blocked) return { text: 'Blocked', active: false }
  if (chat.closed) return { text: 'Takes no messages here', active: false }
  if (chat.kind === 'group' && chat.typing.length > 0)
    return { text: `${typingText(chat.typing)}…`, active: true }
  if (chat.typing.length > 0) return { text: 'typing…', active: true }
  if (chat.peer === null) return { text: membersText(members), active: false }
  if (chat.online) return { text: 'Online', active: true }
  if (chat.lastSeenAt !== null) return { text: lastSeenText(chat.lastSeenAt, now), active: false }
  return { text: chat.peer.specialty ?? '', active: false }
}
