/** What the group endpoints take, for checking and for the OpenAPI document. */
import { MAX_INDEX } from '@wardline/core/base/client-id'
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
/** Milliseconds since 1970. */
const time = z.number().int().nonnegative()
export const recallGroupBody = z.strictObject({
  version: z.number().int().min(1),
  title: z.string().max(200),
  at: time,
  top: z.number().int().min(1).max(MAX_INDEX),
  members: z
    .array(z.strictObject({ index: z.number().int(), userId: userIdSchema, since: time }))
    .max(MAX_MEMBERS),
  seal: z.string().max(100),
})
export const newMemberBody = z.strictObject({ userId: userIdSchema })
