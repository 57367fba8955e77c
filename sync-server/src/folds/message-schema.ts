/** What the HTTP interface answers with about a message. */
import { z } from 'zod'

export const timeSchema = z
  .int()
  .min(0)
  .meta({ description: 'Milliseconds since 1970 (UTC).', examples: [1767225600000] })
const userId = z.string().meta({ examples: ['pat-morgan'] })
export const chatIdSchema = z.string().meta({ examples: ['dm.pat-morgan.dr-ada'] })
export const messageIdSchema = z.string().meta({
  description: '`<chatId>~<yyyy-mm>~<writer>.<n>`: unique, and safe in an address.',
  examples: ['dm.pat-morgan.dr-ada~2026-01~628292358309.3'],
})

export const statusSchema = z
  .enum(['stored', 'delivered', 'read'])
  .meta({ description: 'How far all others are with it.' })

export const receiptSchema = z.object({ userId, at: timeSchema })

export const attachmentSchema = z.object({
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: 'SHA-256 of the file.' }),
  name: z.string(),
  type: z.string(),
  size: z.int().min(0),
  width: z.int().min(0).optional(),
  height: z.int().min(0).optional(),
  duration: z.int().min(0).optional().meta({ description: 'Of audio, in ms.' }),
  preview: z.string().optional().meta({ description: 'A tiny image, as a data URL.' }),
})

const arrivedAtSchema = timeSchema.optional().meta({
  description:
    'When it got to the server: only when that is more than five minutes from when it says it was written.',
})

export const messageSchema = z.object({
  id: messageIdSchema,
  chatId: chatIdSchema,
  senderId: userId.nullable().meta({ description: 'Null for somebody who is no longer known.' }),
  text: z.string().meta({ description: 'Empty when it was retracted, or has only files.' }),
  at: timeSchema.meta({ description: 'When it was written, by the clock of its author’s device.' }),
  arrivedAt: arrivedAtSchema,
  datedBefore: z.enum(['chat', 'membership']).optional().meta({
    description:
      'It says it was written more than a day before the chat began, or before its author was in it.',
  }),
  editedAt: timeSchema
    .optional()
    .meta({ description: 'When the last edit was written, by the clock of its author’s device.' }),
  editArrivedAt: arrivedAtSchema.meta({
    description: 'The same of that edit: only when `editedAt` does not say it.',
  }),
  retracted: z.boolean(),
  unreadable: z
    .literal(true)
    .optional()
    .meta({ description: 'It is encrypted in a way that only devices can open.' }),
  replyTo: messageIdSchema.optional(),
  status: statusSchema.optional().meta({ description: 'Only of the caller’s own messages.' }),
  deliveredTo: z.array(receiptSchema),
  readBy: z.array(receiptSchema),
  attachments: z.array(attachmentSchema),
})
export type MessageJson = z.infer<typeof messageSchema>

export const lastMessageSchema = messageSchema
  .pick({ id: true, senderId: true, at: true, arrivedAt: true, retracted: true, status: true })
  .extend({ text: z.string().max(200).meta({ description: 'Its first 200 characters.' }) })
export type LastMessageJson = z.infer<typeof lastMessageSchema>
