/** Which files a chat has, as the store keeps it. */
import { type ChatId, parseChatId, type UserId } from '@wardline/core/base/ids'
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
  /** Who brought it first, and pays for it also when it is let go and a message still has it. */
  by: userIdSchema.optional(),
  /** A message was seen to have it. */
  seen: z.boolean().optional(),
})
export type FileRecord = z.infer<typeof fileRecordSchema>

/** Whose quota it takes from. */
export const payersOf = ({ owners, by }: FileRecord): ReadonlySet<UserId> =>
  new Set(by === undefined ? owners : [...owners, by])

export const FILE_PREFIX = 'file/'
export const filesPrefix = (chat: ChatId): string => `${FILE_PREFIX}${chat}/`
export const fileKey = (chat: ChatId, hash: string): string => filesPrefix(chat) + hash

/** The chats that have the bytes: who deletes the last of these deletes the bytes. */
export const BYTES_PREFIX = 'file-bytes/'
export const bytesPrefix = (hash: string): string => `${BYTES_PREFIX}${hash}/`
export const bytesKey = (hash: string, chat: ChatId): string => bytesPrefix(hash) + chat

/** The files of a chat, or of all chats, that nobody owns and that a message had when last seen. */
export const leftPrefix = (chat?: ChatId): string =>
  chat === undefined ? 'file-left/' : `file-left/${chat}/`
export const leftKey = (chat: ChatId, hash: string): string => leftPrefix(chat) + hash
/** The place in the key of a file, or of one that is left. Undefined for what is no such key. */
export const readFileKey = (key: string): { chat: ChatId; hash: string } | undefined => {
  const [, chatText = '', hash] = key.split('/')
  const chat = parseChatId(chatText)
  return chat === undefined || hash === undefined ? undefined : { chat, hash }
}

/** Throws on a record that is none. */
export const readFileRecord = (value: unknown): FileRecord => fileRecordSchema.parse(value)
