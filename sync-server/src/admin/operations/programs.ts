/** Programs of the clinic: their accounts, the groups that they are in, and their API tokens. */
import { parseChatId } from '@wardline/core/base/ids'
import { z } from 'zod'
import { newUserId } from '../../directory/directory.ts'
import { userIdSchema } from '../../directory/user.ts'
import { ok } from '../../errors/result.ts'
import { operation, refusal } from '../operation.ts'

const chatIdSchema = z.string().transform((text, context) => {
  const chat = parseChatId(text)
  if (chat !== undefined) return chat
  context.addIssue({ code: 'custom', message: 'not a chat id' })
  return z.NEVER
})

const scopeSchema = z
  .string()
  .max(8_192)
  .transform((text, context) => {
    if (text.trim() === 'all') return 'all' as const
    const chats = text.split(',').map((part) => parseChatId(part.trim()))
    const known = chats.filter((chat) => chat !== undefined)
    if (known.length === chats.length) return known
    context.addIssue({ code: 'custom', message: '`all`, or ids of chats with commas between them' })
    return z.NEVER
  })

const tokenSchema = z.object({
  id: z.string(),
  user: z.string().meta({ description: 'The account of the program.' }),
  name: z.string(),
  chats: z.union([z.literal('all'), z.array(z.string())]).meta({
    description: 'The chats that it may see: all that the program is in, or these of them.',
  }),
  createdAt: z.number(),
  createdBy: z.string().meta({ description: 'User id, or `operator`.' }),
  seenAt: z.number().optional().meta({ description: 'When it was used last, within the hour.' }),
})

const scopeText = (chats: 'all' | readonly string[]): string =>
  chats === 'all' ? 'all chats' : chats.join(',')

export const makeProgram = operation({
  name: 'make-program',
  summary: 'make an account for a program, which signs in with API tokens',
  input: z.strictObject({ name: z.string().meta({ description: 'As others in a chat see it.' }) }),
  commandLine: { arguments: ['name'] },
  http: {
    method: 'post',
    path: '/programs',
    output: { name: 'Program', schema: z.object({ id: z.string(), name: z.string() }) },
  },
  async run({ directory, actor }, { name }) {
    const account = { id: newUserId(), name, roles: ['service' as const] }
    const made = await directory.createUser(account, actor)
    if (made.ok) return ok({ id: made.value.id, name: made.value.name })
    return made.error === 'bad-name'
      ? refusal('bad-request', 'the name must be 1 to 80 printable characters')
      : refusal('server-busy', 'the id that was drawn is taken; try again')
  },
  print: ({ id, name }) => `made program ${id}, ${name}`,
})

const inGroup = z.strictObject({ chat: chatIdSchema, user: userIdSchema })
const groupErrors = ['chat-not-found', 'user-not-found', 'group-changed-often'] as const

export const addProgram = operation({
  name: 'add-program',
  summary: 'take a program into a group',
  input: inGroup,
  commandLine: { arguments: ['user', 'chat'] },
  http: {
    method: 'put',
    path: '/programs/{user}/chats/{chat}',
    errors: [...groupErrors, 'group-full'],
  },
  async run({ directory, actor }, { chat, user }) {
    const done = await directory.groups.addProgram(chat, actor, user)
    return done.ok ? ok({ chat, user }) : done
  },
  print: ({ chat, user }) => `${user} is in ${chat}`,
})

export const removeProgram = operation({
  name: 'remove-program',
  summary: 'take a program out of a group',
  input: inGroup,
  commandLine: { arguments: ['user', 'chat'] },
  http: { method: 'delete', path: '/programs/{user}/chats/{chat}', errors: groupErrors },
  async run({ directory, actor }, { chat, user }) {
    const done = await directory.groups.removeProgram(chat, actor, user)
    return done.ok ? ok({ chat, user }) : done
  },
  print: ({ chat, user }) => `${user} is not in ${chat}`,
})

export const apiTokens = operation({
  name: 'api-tokens',
  summary: 'list API tokens, newest first; they are told once only, when they are made',
  input: z.strictObject({ user: userIdSchema.optional() }),
  http: {
    method: 'get',
    path: '/api-tokens',
    output: { name: 'ApiTokens', schema: z.object({ tokens: z.array(tokenSchema) }) },
  },
  async run({ auth }, { user }) {
    return ok({ tokens: await auth.apiTokens.list(user) })
  },
  print: ({ tokens }) =>
    tokens
      .map(({ id, user, name, chats, seenAt }) => {
        const seen = seenAt === undefined ? 'never used' : new Date(seenAt).toISOString()
        return `${id}  ${user}  ${seen}  ${scopeText(chats)}  ${name}`
      })
      .join('\n'),
})

export const makeApiToken = operation({
  name: 'make-api-token',
  summary: 'make an API token of a program, for all of its chats or some',
  input: z.strictObject({
    user: userIdSchema,
    name: z.string().meta({ description: 'What it is for.' }),
    chats: scopeSchema.meta({
      description: '`all` that the program is in, or ids of chats with commas between them.',
    }),
  }),
  commandLine: { arguments: ['user'] },
  http: {
    method: 'post',
    path: '/api-tokens',
    output: {
      name: 'NewApiToken',
      schema: tokenSchema.extend({
        token: z.string().meta({ description: 'What the program signs in with. Told once.' }),
      }),
    },
    errors: ['user-not-found', 'too-many-api-tokens'],
  },
  async run({ auth, actor }, input) {
    const made = await auth.apiTokens.make(input, actor)
    return made.ok ? ok({ ...made.value.token, token: made.value.text }) : made
  },
  print: ({ id, chats, token }) =>
    `made API token ${id} for ${scopeText(chats)}; it is told only now:\n${token}`,
})

export const endApiToken = operation({
  name: 'end-api-token',
  summary: 'end an API token, with all that is open by it',
  input: z.strictObject({ token: z.string().meta({ description: 'Its id, not the token.' }) }),
  commandLine: { arguments: ['token'] },
  http: { method: 'delete', path: '/api-tokens/{token}', errors: ['not-found'] },
  async run({ auth, actor }, { token }) {
    return (await auth.apiTokens.end(token, actor)) ? ok({ token }) : refusal('not-found')
  },
  print: ({ token }) => `API token ${token} has ended`,
})
