/** Where somebody is signed in, and ending that. */
import { z } from 'zod'
import { userIdSchema } from '../../directory/user.ts'
import { ok } from '../../errors/result.ts'
import { operation, refusal } from '../operation.ts'

const deviceSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  method: z.string().meta({ description: 'How they signed in on it.' }),
  signedInAt: z.number(),
  seenAt: z.number(),
})
/** What is answered, with its name in the OpenAPI document. */
export const devicesOfPerson = {
  name: 'DevicesOfPerson',
  schema: z.object({
    devices: z.array(deviceSchema).meta({ description: 'Seen last first.' }),
  }),
}
const user = userIdSchema

export const devices = operation({
  name: 'devices',
  summary: 'list where somebody is signed in',
  input: z.strictObject({ user }),
  commandLine: { arguments: ['user'] },
  http: {
    method: 'get',
    path: '/people/{user}/devices',
    output: devicesOfPerson,
    errors: ['user-not-found'],
  },
  async run({ directory, auth }, { user: id }) {
    if ((await directory.getUser(id)) === undefined) return refusal('user-not-found')
    const sessions = await auth.sessionsOf(id)
    const listed = sessions.map(({ name = null, id: device, method, signedInAt, seenAt }) => ({
      id: device,
      name,
      method,
      signedInAt,
      seenAt,
    }))
    return ok({ devices: listed.sort((a, b) => b.seenAt - a.seenAt) })
  },
  print: ({ devices: listed }) =>
    listed
      .map(({ id, name, seenAt }) => `${id}  seen ${new Date(seenAt).toISOString()}  ${name ?? ''}`)
      .join('\n') || 'signed in nowhere',
})

export const removeDevice = operation({
  name: 'remove-device',
  summary: 'sign somebody out on one device, for good; it empties itself when it comes again',
  input: z.strictObject({ user, device: z.string().max(100) }),
  commandLine: { arguments: ['user', 'device'] },
  http: {
    method: 'delete',
    path: '/people/{user}/devices/{device}',
    errors: ['device-not-found', 'server-busy'],
  },
  async run({ auth, actor }, { user: id, device }) {
    const ended = await auth.endSessionsOf(id, { actor, reason: 'removed', only: device })
    if (!ended.ok) return refusal(ended.error.code)
    return ended.value > 0 ? ok({ removed: device }) : refusal('device-not-found')
  },
  print: ({ removed }) => `removed ${removed}`,
})

export const signOut = operation({
  name: 'sign-out',
  summary: 'sign somebody out on all devices; they empty themselves when they come again',
  input: z.strictObject({ user }),
  commandLine: { arguments: ['user'] },
  http: {
    method: 'post',
    path: '/people/{user}/sign-out',
    output: { name: 'SignedOut', schema: z.object({ devices: z.int().min(0) }) },
    errors: ['user-not-found', 'server-busy'],
  },
  async run({ directory, auth, actor }, { user: id }) {
    if ((await directory.getUser(id)) === undefined) return refusal('user-not-found')
    const ended = await auth.endSessionsOf(id, { actor, reason: 'removed' })
    return ended.ok ? ok({ devices: ended.value }) : refusal(ended.error.code)
  },
  print: ({ devices: count }) => `signed out on ${count} devices`,
})
