/** What the endpoints for chats take. */
import { z } from 'zod'
import { userIdSchema } from '../directory/user.ts'

export const newChatBody = z.union([
  z.strictObject({ doctorId: userIdSchema }),
  z.strictObject({ patientId: userIdSchema }),
])
export type NewChatBody = z.infer<typeof newChatBody>
