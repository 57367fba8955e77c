/** What becomes of accounts: see `People`. */
import { z } from 'zod'
import { createdAtOf, type User, userIdSchema, userKey } from '../../directory/user.ts'
import { ok, type Result } from '../../errors/result.ts'
import { codeOf, messageOf, type PersonProblem } from '../../people/person-problem.ts'
import type { AdminContext } from '../context.ts'
import { operation, type Refusal, refusal } from '../operation.ts'
import { type AccountJson, accountJson, accountSchema } from './account-schema.ts'

const user = userIdSchema.meta({ description: 'The id of an account.' })
const output = { name: 'Account', schema: accountSchema }
const print = ({ id, name, status }: AccountJson): string => `${id}  ${status}  ${name}`

/** The account as it is now, or why nothing was done. */
const answer = async (
  { store }: AdminContext,
  done: Promise<Result<User, PersonProblem>>,
): Promise<Result<AccountJson, Refusal>> => {
  const result = await done
  if (!result.ok) return refusal(codeOf(result.error), messageOf(result.error))
  const found = await store.getRecord(userKey(result.value.id))
  if (found === undefined) return refusal('user-not-found')
  return ok(accountJson({ user: result.value, createdAt: createdAtOf(found.value) }))
}

/** Text that the command can take away: an empty one. */
const clearable = (description: string) =>
  z
    .string()
    .nullable()
    .optional()
    .transform((text) => (text === '' ? null : text))
    .meta({ description: `${description}; null or nothing at all takes it away.` })

export const changePerson = operation({
  name: 'change-person',
  summary: 'change an account; the chats that there are follow',
  input: z.strictObject({
    user,
    name: z.string().optional(),
    specialty: clearable('Of doctors'),
    birthDate: clearable('Of patients, `yyyy-mm-dd`'),
    email: clearable('To sign in with'),
    roles: z
      .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
      .optional()
      .meta({
        description: 'All that the account is; with commas between them on a command line.',
      }),
  }),
  commandLine: { arguments: ['user'] },
  http: {
    method: 'patch',
    path: '/people/{user}',
    output,
    errors: ['user-not-found', 'email-taken', 'last-admin', 'wrong-status'],
  },
  run: (context, { user: id, name, specialty, birthDate, email, roles }) =>
    answer(
      context,
      context.people.change(
        id,
        {
          ...(name !== undefined && { name }),
          ...(specialty !== undefined && { specialty }),
          ...(birthDate !== undefined && { birthDate }),
          ...(email !== undefined && { email }),
          ...(roles !== undefined && { roles }),
        },
        context.actor,
      ),
    ),
  print,
})

const input = z.strictObject({ user })
const commandLine = { arguments: ['user'] }
const errors = ['user-not-found', 'wrong-status'] as const

export const disablePerson = operation({
  name: 'disable',
  summary: 'shut somebody out until they are enabled again',
  input,
  commandLine,
  http: {
    method: 'post',
    path: '/people/{user}/disable',
    output,
    errors: [...errors, 'last-admin'],
  },
  run: (context, { user: id }) => answer(context, context.people.disable(id, context.actor)),
  print,
})

export const enablePerson = operation({
  name: 'enable',
  summary: 'let somebody in again who was disabled, or whose account was closed',
  input,
  commandLine,
  http: { method: 'post', path: '/people/{user}/enable', output, errors },
  run: (context, { user: id }) => answer(context, context.people.enable(id, context.actor)),
  print,
})

export const closePerson = operation({
  name: 'close',
  summary: 'close an account; the chats stay for the others',
  input,
  commandLine,
  http: { method: 'post', path: '/people/{user}/close', output, errors: [...errors, 'last-admin'] },
  run: (context, { user: id }) => answer(context, context.people.close(id, context.actor)),
  print,
})

export const erasePerson = operation({
  name: 'erase',
  summary: 'erase a closed account when the time of retention is over, for good',
  input,
  commandLine,
  http: {
    method: 'post',
    path: '/people/{user}/erase',
    output,
    errors: [...errors, 'account-held', 'retention-runs'],
  },
  run: (context, { user: id }) => answer(context, context.people.erase(id, context.actor)),
  print,
})

export const holdPerson = operation({
  name: 'hold',
  summary: 'have nothing of an account erased, for a reason',
  input: z.strictObject({ user, reason: z.string() }),
  commandLine,
  http: { method: 'post', path: '/people/{user}/hold', output, errors },
  run: (context, { user: id, reason }) =>
    answer(context, context.people.hold(id, reason, context.actor)),
  print,
})

export const releasePerson = operation({
  name: 'release',
  summary: 'let an account be erased that was held',
  input,
  commandLine,
  http: { method: 'post', path: '/people/{user}/release', output, errors },
  run: (context, { user: id }) => answer(context, context.people.release(id, context.actor)),
  print,
})
