/** Chats and memberships, as the directory keeps them. */
import type { ChatKind, ChatMember } from '@wardline/core/chat/sys'
import {
  type ChatId,
  type Month,
  parseChatId,
  parseMonth,
  type UserId,
} from '@wardline/core/ids/ids'
import { z } from 'zod'
import type { JsonObject } from '../storage/json.ts'
import { userIdSchema } from './user.ts'

export interface Member extends ChatMember {
  /** Milliseconds: when the member joined. */
  readonly since: number
}

export interface Chat {
  readonly id: ChatId
  readonly kind: ChatKind
  /** Milliseconds. */
  readonly createdAt: number
  /** By index, ascending. */
  readonly members: readonly Member[]
  /** Months that have a page, oldest first. */
  readonly pages: readonly Month[]
}

export const chatKey = (id: ChatId): string => `chat/${id}`

/** A user id holds no slash, so one user's prefix is never part of another's. */
export const membershipPrefix = (user: UserId): string => `membership/${user}/`
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

const chatSchema = z.object({
  id: chatIdSchema,
  kind: z.enum(['direct', 'group']),
  createdAt: z.number(),
  members: z.array(
    z.object({
      index: z.number().int(),
      userId: userIdSchema,
      name: z.string(),
      role: z.enum(['patient', 'doctor']),
      specialty: z.string().nullable(),
      since: z.number(),
    }),
  ),
  pages: z.array(monthSchema),
})

const membershipSchema = z.object({ chat: chatIdSchema })

/** Throws on a record that is none: the store then holds what this server did not write. */
export const readChat = (value: unknown): Chat => {
  const { members, ...chat } = chatSchema.parse(value)
  return {
    ...chat,
    members: members.map(({ specialty, ...member }) => ({
      ...member,
      ...(specialty !== null && { specialty }),
    })),
  }
}

export const writeChat = (chat: Chat): JsonObject => ({
  id: chat.id,
  kind: chat.kind,
  createdAt: chat.createdAt,
  members: chat.members.map(({ index, userId, name, role, specialty, since }) => ({
    index,
    userId,
    name,
    role,
    specialty: specialty ?? null,
    since,
  })),
  pages: chat.pages,
})

/** Throws on a record that is none. */
export const readMembership = (value: unknown): ChatId => membershipSchema.parse(value).chat

export const writeMembership = (chat: ChatId): JsonObject => ({ chat })
