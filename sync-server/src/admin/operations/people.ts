/** Who has an account: lists of them, and one. */
import { knownNamesMatcher } from '@wardline/core/words/match-name'
import { z } from 'zod'
import { ROLES } from '../../directory/role.ts'
import { createdAtOf, readUser, STATUSES, userIdSchema, userKey } from '../../directory/user.ts'
import { ok } from '../../errors/result.ts'
import { operation, refusal } from '../operation.ts'
import { accountJson, accountSchema } from './account-schema.ts'

/** People in one answer. */
export const MAX_PEOPLE = 100
const USUAL_PEOPLE = 50
/** Letters of what is looked for. */
const MAX_QUERY = 100

export const people = operation({
  name: 'people',
  summary: 'list accounts by name, some at a time',
  input: z.strictObject({
    query: z.string().max(MAX_QUERY).default('').meta({
      description:
        'Words that all have to occur in the name, the specialty, the birth date or the e-mail address, however they are written.',
    }),
    role: z.enum(ROLES).optional().meta({ description: 'Only who has this role.' }),
    status: z.enum(STATUSES).optional().meta({ description: 'Only accounts that are so.' }),
    offset: z
      .int()
      .min(0)
      .default(0)
      .meta({ description: 'How many to leave out, from the start of the list.' }),
    limit: z.int().min(1).max(MAX_PEOPLE).default(USUAL_PEOPLE),
  }),
  http: {
    method: 'get',
    path: '/people',
    output: {
      name: 'Accounts',
      schema: z.object({
        people: z.array(accountSchema),
        total: z.int().min(0).meta({ description: 'How many there are in all.' }),
      }),
    },
  },
  async run({ directory }, { query, role, status, offset, limit }) {
    const matches = knownNamesMatcher(query)
    const found = (await directory.accounts.all()).filter(
      ({ user, names }) =>
        (role === undefined || user.roles.includes(role)) &&
        (status === undefined || user.status === status) &&
        matches(() => names),
    )
    const page = found.slice(offset, offset + limit)
    return ok({ people: page.map(accountJson), total: found.length })
  },
  print: ({ people, total }) =>
    [
      ...people.map(
        ({ id, name, roles, status, email = '' }) =>
          `${id}  ${status}  ${roles.join(',')}  ${name}  ${email}`,
      ),
      `${people.length} of ${total}`,
    ].join('\n'),
})

export const person = operation({
  name: 'person',
  summary: 'show one account',
  input: z.strictObject({ user: userIdSchema }),
  commandLine: { arguments: ['user'] },
  http: {
    method: 'get',
    path: '/people/{user}',
    output: { name: 'Account', schema: accountSchema },
    errors: ['user-not-found'],
  },
  async run({ store }, { user: id }) {
    const found = await store.getRecord(userKey(id))
    if (found === undefined) return refusal('user-not-found')
    return ok(accountJson({ user: readUser(found.value), createdAt: createdAtOf(found.value) }))
  },
  print: (account) => JSON.stringify(account, undefined, 2),
})
