/** What somebody signs in with, besides a password: never more than its names. */
import { z } from 'zod'
import { userIdSchema } from '../../directory/user.ts'
import { ok } from '../../errors/result.ts'
import { operation, refusal } from '../operation.ts'

const passkeySchema = z.object({
  name: z.string(),
  createdAt: z.number(),
  usedAt: z.number().nullable().meta({ description: 'Null: not yet.' }),
})

export const passkeys = operation({
  name: 'passkeys',
  summary: 'list the passkeys of an account; a reset ends all of them',
  input: z.strictObject({ user: userIdSchema }),
  commandLine: { arguments: ['user'] },
  http: {
    method: 'get',
    path: '/people/{user}/passkeys',
    output: {
      name: 'PasskeysOfPerson',
      schema: z.object({ passkeys: z.array(passkeySchema) }),
    },
    errors: ['user-not-found'],
  },
  async run({ directory, waysIn }, { user }) {
    if ((await directory.getUser(user)) === undefined) return refusal('user-not-found')
    const listed = await waysIn.passkeys.list(user)
    return ok({
      passkeys: listed.map(({ name, createdAt, usedAt }) => ({ name, createdAt, usedAt })),
    })
  },
  print: ({ passkeys: listed }) => listed.map(({ name }) => name).join('\n') || 'no passkeys',
})
