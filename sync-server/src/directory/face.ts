/** What a chat shows of somebody, and how a chat follows when that changes. */
import type { MemberIndex } from '@wardline/core/base/client-id'
import type { UserId } from '@wardline/core/base/ids'
import type { Chat, Member } from './chat-record.ts'
import { type Patient, patientOf, type User } from './user.ts'

/** Somebody as the chats show them in which they are. */
export interface Face extends Patient {
  /** Their account is closed. */
  readonly closed?: true
}

export const faceOf = (user: User): Face => ({
  ...patientOf(user),
  ...((user.status === 'closed' || user.status === 'erased') && { closed: true }),
})

/** A chat in which somebody is shown in another way than before. */
export interface NewFaces {
  /** One version on. */
  readonly chat: Chat
  /** Whose face is another one, those who are out of a group too. */
  readonly changed: readonly MemberIndex[]
  /** Whether all that is new is a birth date, which not everybody may know. */
  readonly onlyBorn: boolean
}

/** The chat with these faces; undefined when it has them already. */
export const withFaces = (chat: Chat, faces: ReadonlyMap<UserId, Face>): NewFaces | undefined => {
  const changed: MemberIndex[] = []
  let onlyBorn = true
  const faced = (member: Member): Member => {
    const face = faces.get(member.userId)
    if (face === undefined) return member
    const { index, since } = member
    const next = asMember(face, index, since)
    if (isSame(next, member)) return member
    changed.push(index)
    const { birthDate: _, ...was } = member
    const { birthDate: __, ...is } = next
    onlyBorn &&= isSame(is, was)
    return next
  }
  const members = chat.members.map(faced)
  const { group, closing } = chat
  const former = group?.former.map(faced)
  if (changed.length === 0) return undefined
  const { by = [], version = 1 } = closing ?? {}
  const next =
    group === undefined || former === undefined
      ? { ...chat, members, closing: { by, version: version + 1 } }
      : { ...chat, members, group: { ...group, former, version: group.version + 1 } }
  return { chat: next, changed, onlyBorn }
}

/** An account as a member of a chat. */
export const memberOf = (user: User, index: MemberIndex, since: number): Member =>
  asMember(faceOf(user), index, since)

const asMember = ({ id, ...face }: Face, index: MemberIndex, since: number): Member => ({
  index,
  userId: id,
  ...face,
  since,
})

const isSame = (one: Member, other: Member): boolean =>
  one.name === other.name &&
  one.role === other.role &&
  one.specialty === other.specialty &&
  one.birthDate === other.birthDate &&
  one.closed === other.closed
