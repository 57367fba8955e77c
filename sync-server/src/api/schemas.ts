/** What the message endpoints take and answer with, for checking and for the OpenAPI document. */
import { VISIBLE } from '@wardline/core/text/blank'
import { z } from 'zod'
import { MESSAGE_ID, readMessageId } from '../folds/message-id.ts'
import { chatIdSchema, messageIdSchema, messageSchema } from '../folds/message-schema.ts'

export const MAX_PAGE = 100
export const DEFAULT_PAGE = 50

/** Taken as it is, to the last space. How long it may be is told by the body that is made of it. */
const text = z.string().min(1).regex(VISIBLE).meta({
  description:
    'Has something to see in it. As UTF-8 JSON, `{"text": "…"}`, and with the files of the message, at most 65,535 bytes.',
})

const messageRef = z
  .string()
  .regex(MESSAGE_ID)
  .refine((id) => readMessageId(id) !== undefined)
  .meta(messageIdSchema.meta() ?? {})

export const sendBody = z.strictObject({
  text,
  replyTo: messageRef.optional().meta({ description: 'Id of a message of the same chat.' }),
})
export type SendBody = z.infer<typeof sendBody>

export const editBody = z.strictObject({ text })

export const blockedBodySchema = z.strictObject({
  blocked: z.boolean().meta({ description: 'Whether the caller takes no messages in it.' }),
})
export const blockedAnswerSchema = z.object({ chatId: z.string(), blocked: z.boolean() })
export const readBodySchema = z.strictObject({
  upTo: messageRef
    .optional()
    .meta({ description: 'Only the messages up to this one; without it, all.' }),
})

const wholeNumber = z.string().regex(/^\d{1,4}$/)
export const historyQuery = z.object({
  before: messageRef.optional(),
  limit: wholeNumber.transform(Number).pipe(z.int().min(1).max(MAX_PAGE)).default(DEFAULT_PAGE),
})

export const messageAnswerSchema = z.object({ message: messageSchema })

export const historySchema = z.object({
  messages: z.array(messageSchema).meta({ description: 'Newest first.' }),
  hasMore: z.boolean(),
})
export type HistoryJson = z.infer<typeof historySchema>

export const readAnswerSchema = z.object({ chatId: chatIdSchema, unreadCount: z.int().min(0) })
