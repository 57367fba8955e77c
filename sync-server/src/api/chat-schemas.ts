/** What the endpoints for chats and people answer with. */
import { MEMBER_ROLES } from '@wardline/core/chat/role'
import { z } from 'zod'
import { lastMessageSchema, timeSchema } from '../folds/message-schema.ts'

const personFields = {
  name: z.string(),
  role: z.enum(MEMBER_ROLES),
  specialty: z.string().optional(),
}
const birthDate = (description: string) =>
  z
    .string()
    .optional()
    .meta({ description, examples: ['1984-05-02'] })
export const personSchema = z.object({ id: z.string(), ...personFields })
export const patientSchema = personSchema.extend({
  birthDate: birthDate('`yyyy-mm-dd`, when known.'),
})
const memberSchema = z.object({
  index: z.int().min(1).meta({ description: 'Their number in the documents of the chat.' }),
  userId: z.string(),
  ...personFields,
  birthDate: birthDate(
    'Only of patients, of those of a group for its doctors alone: `yyyy-mm-dd`, when known.',
  ),
  closed: z.literal(true).optional().meta({ description: 'Their account is closed.' }),
  since: timeSchema,
})

export const chatSchema = z.object({
  id: z.string().meta({ examples: ['dm.pat-morgan.dr-ada'] }),
  kind: z.enum(['direct', 'group']),
  title: z.string().optional().meta({ description: 'Only of groups.' }),
  closedBy: z
    .array(z.string())
    .optional()
    .meta({ description: 'Only of direct chats: who takes no messages in it.' }),
  createdAt: timeSchema,
  memberIndex: z.int().min(1).meta({ description: 'The caller’s.' }),
  members: z.array(memberSchema),
  docs: z
    .object({ chat: z.string(), pages: z.array(z.string()) })
    .meta({ description: 'Names of the documents to sync; pages newest first.' }),
})
export const listedChatSchema = chatSchema.extend({
  lastMessage: lastMessageSchema.nullable(),
  unreadCount: z.int().min(0),
})

export const chatAnswerSchema = z.object({ chat: chatSchema })
export const chatListSchema = z.object({ chats: z.array(listedChatSchema), userDoc: z.string() })
export const peopleSchemas = {
  doctors: z.object({ doctors: z.array(personSchema) }),
  staff: z.object({ staff: z.array(personSchema) }),
  patients: z.object({ patients: z.array(patientSchema) }),
}
