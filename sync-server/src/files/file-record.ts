/** Which files a chat has, as the store keeps it. */
import type { ChatId } from '@wardline/core/ids/ids'
import { z } from 'zod'
import { userIdSchema } from '../directory/user.ts'

/** SHA-256 in hex. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/)

const fileRecordSchema = z.object({
  name: z.string(),
  type: z.string(),
  size: z.number(),
  /** When the first of them brought it, ms. */
  at: z.number(),
  /** Those whose messages in the chat have it. Without any of them it is deleted. */
  owners: z.array(userIdSchema).min(1),
})
export type FileRecord = z.infer<typeof fileRecordSchema>

export const fileKey = (chat: ChatId, hash: string): string => `file/${chat}/${hash}`

/** The chats that have the bytes: who deletes the last of these deletes the bytes. */
export const bytesPrefix = (hash: string): string => `file-bytes/${hash}/`
export const bytesKey = (hash: string, chat: ChatId): string => bytesPrefix(hash) + chat

/** Throws on a record that is none. */
export const readFileRecord = (value: unknown): FileRecord => fileRecordSchema.parse(value)
