/** Chats and memberships, as the directory keeps them. */

import type { MemberIndex } from '@wardline/core/base/client-id'
import {
  type ChatId,
  type Month,
  parseChatId,
  parseMonth,
  type UserId,
} from '@wardline/core/base/ids'
import { MEMBER_ROLES, type MemberRole } from '@wardline/core/chat/role'
import type { ChatKind, ChatMember } from '@wardline/core/chat/sys'
import { z } from 'zod'
import type { JsonObject } from '../base/json.ts'
import { may } from '../permissions/permissions.ts'
import { birthDateSchema, userIdSchema } from './user.ts'

export interface Member extends ChatMember {
  /** Milliseconds: when the member joined. */
  readonly since: number
}

/** What only a group has. */
export interface GroupState {
  readonly title: string
  /** The version that the last change of members or title took. */
  readonly version: number
  /** Those who are out, by index, ascending; their `since` says when they left. */
  readonly former: readonly Member[]
  /** Largest index that somebody had of whom nothing else is known any more. */
  readonly top?: number
}

export interface Chat {
  readonly id: ChatId
  readonly kind: ChatKind
  /** Milliseconds. */
  readonly createdAt: number
  /** Those who are in it now, by index, ascending. */
  readonly members: readonly Member[]
  /** Months that have a page, oldest first. */
  readonly pages: readonly Month[]
  /** Of groups. */
  readonly group?: GroupState
  /** Of direct chats that are not as they were made: who takes no messages, a birth date given late. */
  readonly closing?: Closing
}

export interface Closing {
  /** Who takes none now, by index, ascending. */
  readonly by: readonly MemberIndex[]
  /** The version that the last change took. */
  readonly version: number
}

/** A member as those see them who may not know a birth date. */
export const withoutBirthDate = ({ birthDate: _, ...member }: Member): Member => member

/**
 * Members of a chat as one of them may know them. In a direct chat that is all there is; in a group
 * birth dates are for the doctors and staff in it.
 */
export const membersFor = (
  members: readonly Member[],
  kind: ChatKind,
  viewer: MemberRole,
): readonly Member[] =>
  kind === 'direct' || may('birth-date.read', [viewer], 'member')
    ? members
    : members.map(withoutBirthDate)

export const CHAT_PREFIX = 'chat/'
export const chatKey = (id: ChatId): string => CHAT_PREFIX + id

/** A user id holds no slash, so one user's prefix is never part of another's. */
export const MEMBERSHIP_PREFIX = 'membership/'
export const membershipPrefix = (user: UserId): string => `${MEMBERSHIP_PREFIX}${user}/`
export const membershipKey = (user: UserId, chat: ChatId): string => membershipPrefix(user) + chat

const chatIdSchema = z.string().transform((text, context): ChatId => {
  const id = parseChatId(text)
  if (id !== undefined) return id
  context.addIssue({ code: 'custom', message: 'not a chat id' })
  return z.NEVER
})

const monthSchema = z.string().transform((text, context): Month => {
  const month = parseMonth(text)
  if (month !== undefined) return month
  context.addIssue({ code: 'custom', message: 'not a month' })
  return z.NEVER
})

const membersSchema = z.array(
  z.object({
    index: z.number().int(),
    userId: userIdSchema,
    name: z.string(),
    role: z.enum(MEMBER_ROLES),
    specialty: z.string().nullable(),
    birthDate: birthDateSchema.optional(),
    closed: z.literal(true).optional(),
    since: z.number(),
  }),
)

const chatSchema = z.object({
  id: chatIdSchema,
  kind: z.enum(['direct', 'group']),
  createdAt: z.number(),
  members: membersSchema,
  pages: z.array(monthSchema),
  group: z
    .object({
      title: z.string(),
      version: z.number().int(),
      former: membersSchema,
      top: z.number().int().optional(),
    })
    .optional(),
  closing: z.object({ by: z.array(z.number().int()), version: z.number().int() }).optional(),
})

const membershipSchema = z.object({ chat: chatIdSchema })

/** Throws on a record that is none: the store then holds what this server did not write. */
export const readChat = (value: unknown): Chat => {
  const { members, group, closing, ...chat } = chatSchema.parse(value)
  return {
    ...chat,
    ...(closing !== undefined && { closing }),
    members: readMembers(members),
    ...(group !== undefined && { group: readGroup(group) }),
  }
}

export const writeChat = (chat: Chat): JsonObject => ({
  id: chat.id,
  kind: chat.kind,
  createdAt: chat.createdAt,
  members: writeMembers(chat.members),
  pages: chat.pages,
  closing: chat.closing && { by: [...chat.closing.by], version: chat.closing.version },
  ...(chat.group !== undefined && {
    group: { ...chat.group, top: chat.group.top, former: writeMembers(chat.group.former) },
  }),
})

const readGroup = ({
  title,
  version,
  former,
  top,
}: NonNullable<z.infer<typeof chatSchema>['group']>): GroupState => ({
  title,
  version,
  former: readMembers(former),
  ...(top !== undefined && { top }),
})

const readMembers = (members: z.infer<typeof membersSchema>): Member[] =>
  members.map(({ specialty, birthDate, closed, ...member }) => ({
    ...member,
    ...(specialty !== null && { specialty }),
    ...(birthDate !== undefined && { birthDate }),
    ...(closed !== undefined && { closed }),
  }))

const writeMembers = (members: readonly Member[]): JsonObject[] =>
  members.map(({ index, userId, name, role, specialty, birthDate, closed, since }) => ({
    index,
    userId,
    name,
    role,
    specialty: specialty ?? null,
    birthDate,
    closed,
    since,
  }))

/** Throws on a record that is none. */
export const readMembership = (value: unknown): ChatId => membershipSchema.parse(value).chat

export const writeMembership = (chat: ChatId): JsonObject => ({ chat })
