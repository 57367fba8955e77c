/** What the group endpoints take, for checking and for the OpenAPI document. */
import { z } from 'zod'
import { MAX_MEMBERS } from '../directory/groups.ts'
import { label } from '../directory/new-user.ts'
import { userIdSchema } from '../directory/user.ts'

const title = label.meta({
  description: 'One line of 1 to 80 printable characters.',
  examples: ['Care team of Pat Morgan'],
})
const memberIds = z
  .array(userIdSchema)
  .max(MAX_MEMBERS)
  .meta({ description: 'Who is in it besides the caller.', examples: [['dr-ben', 'pat-morgan']] })

export const newGroupBody = z.strictObject({ title, memberIds })
export const renameGroupBody = z.strictObject({ title })
export const newMemberBody = z.strictObject({ userId: userIdSchema })
