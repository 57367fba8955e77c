/** Which files a chat has, as the store keeps it. */
import { type ChatId, parseChatId } from '@wardline/core/ids/ids'
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
  /**
   * Those who brought it or took it up for a message, and have not let it go. Without any of them
   * it stays as long as a message has it, and no longer.
   */
  owners: z.array(userIdSchema),
})
export type FileRecord = z.infer<typeof fileRecordSchema>

export const fileKey = (chat: ChatId, hash: string): string => `file/${chat}/${hash}`

/** The chats that have the bytes: who deletes the last of these deletes the bytes. */
export const bytesPrefix = (hash: string): string => `file-bytes/${hash}/`
export const bytesKey = (hash: string, chat: ChatId): string => bytesPrefix(hash) + chat

/** The files of a chat, or of all chats, that nobody owns and that a message had when last seen. */
export const leftPrefix = (chat?: ChatId): string =>
  chat === undefined ? 'file-left/' : `file-left/${chat}/`
export const leftKey = (chat: ChatId, hash: string): string => leftPrefix(chat) + hash
/** Undefined for what is no such key. */
export const readLeftKey = (key: string): { chat: ChatId; hash: string } | undefined => {
  const [, chatText = '', hash] = key.split('/')
  const chat = parseChatId(chatText)
  return chat === undefined || hash === undefined ? undefined : { chat, hash }
}

/** Throws on a record that is none. */
export const readFileRecord = (value: unknown): FileRecord => fileRecordSchema.parse(value)
