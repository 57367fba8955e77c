/** Letting people in: invitations, and new ways to sign in. See `Invitations` and `Links`. */
import { z } from 'zod'
import { rolesSchema } from '../../directory/role.ts'
import { userIdSchema } from '../../directory/user.ts'
import { ok, type Result } from '../../errors/result.ts'
import type { InvitationProblem } from '../../links/invitations.ts'
import { linkPath } from '../../links/link-address.ts'
import { linkKinds } from '../../links/link-record.ts'
import { showCode } from '../../links/link-secret.ts'
import type { NewLink } from '../../links/links.ts'
import type { AdminContext } from '../context.ts'
import { operation, type Refusal, refusal } from '../operation.ts'

const time = z.int().min(0).meta({ description: 'Milliseconds since 1970 (UTC).' })

const linkSchema = z.object({
  kind: z.enum(linkKinds),
  path: z.string().meta({
    description: 'Behind the address of the app. The secret is in it: it is shown this once.',
  }),
  url: z.string().optional().meta({ description: 'Whole, where the server knows its address.' }),
  expiresAt: time,
})
type LinkJson = z.infer<typeof linkSchema>

const linkJson = ({ appUrl }: AdminContext, link: NewLink): LinkJson => {
  const path = linkPath(link)
  const { kind, expiresAt } = link
  return { kind, path, expiresAt, ...(appUrl !== undefined && { url: appUrl + path }) }
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
const printLink = ({ path, url, expiresAt }: LinkJson): string =>
  `${url ?? path}\nIt works once, until ${day(expiresAt)} (UTC).`

const problems: Readonly<Record<InvitationProblem, string>> = {
  'bad-email': '--email is not an email address',
  'bad-name': '--name must be 1 to 80 printable characters',
  'bad-roles': '--role is doctor, patient, staff or admin, or several of a clinic with commas',
  'bad-specialty': '--specialty is for doctors, 1 to 80 printable characters',
  'bad-birth-date': '--birth-date is for patients, a day that has been, as yyyy-mm-dd',
  'email-taken': 'there is an account with this email address already',
  'id-taken': 'the id that was drawn is taken; try again',
  'doctor-not-found': '--doctor is not the id of a doctor',
  busy: 'others changed the same meanwhile; try again',
}

const invited = z.object({ user: z.object({ id: z.string(), name: z.string() }), link: linkSchema })

export const invite = operation({
  name: 'invite',
  summary: 'make an account without a password, and the link that gives it one',
  input: z.strictObject({
    name: z.string(),
    role: z
      .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
      .pipe(rolesSchema)
      .meta({
        description: 'All that the account is; with commas between them on a command line.',
      }),
    email: z.string().optional(),
    specialty: z.string().optional(),
    birthDate: z.string().optional(),
    doctor: userIdSchema.optional().meta({
      description: 'The id of a doctor, with whom a patient has a chat from the beginning.',
    }),
  }),
  http: {
    method: 'post',
    path: '/people',
    output: { name: 'Invited', schema: invited },
    errors: ['email-taken'],
  },
  async run(context, { role, doctor, email, specialty, birthDate, name }) {
    const { invitations } = context.waysIn
    const done = await invitations.invite(
      {
        name,
        roles: role,
        ...(email !== undefined && { email }),
        ...(specialty !== undefined && { specialty }),
        ...(birthDate !== undefined && { birthDate }),
        ...(doctor !== undefined && { chatWith: doctor }),
      },
      context.actor,
    )
    if (done.ok) {
      const { user, link } = done.value
      return ok({ user: { id: user.id, name: user.name }, link: linkJson(context, link) })
    }
    const code =
      done.error === 'email-taken'
        ? 'email-taken'
        : done.error === 'busy' || done.error === 'id-taken'
          ? 'server-busy'
          : 'bad-request'
    return refusal(code, problems[done.error])
  },
  print: ({ user, link }) => `${user.id}  ${user.name}\n${printLink(link)}`,
})

const wayIn = z.object({
  link: linkSchema.optional(),
  code: z.object({ kind: z.enum(linkKinds), code: z.string(), expiresAt: time }).optional(),
})
type WayInJson = z.infer<typeof wayIn>

export const reset = operation({
  name: 'reset',
  summary:
    'make a link, or a code to read out, that gives somebody a new way to sign in, or invites them again',
  input: z.strictObject({
    user: userIdSchema.meta({ description: 'The id of an account.' }),
    code: z.boolean().optional().meta({ description: 'A code of eight characters.' }),
  }),
  commandLine: { arguments: ['user'] },
  http: {
    method: 'post',
    path: '/people/{user}/reset',
    output: { name: 'AdminWayIn', schema: wayIn },
    errors: ['user-not-found', 'account-inactive'],
  },
  async run(context, { user, code }): Promise<Result<WayInJson, Refusal>> {
    const { invitations } = context.waysIn
    const account = await context.directory.getUser(user)
    if (account === undefined) return refusal('user-not-found')
    if (code === true) {
      const made = await invitations.codeFor(account, context.actor)
      if (!made.ok) return made
      return ok({ code: { ...made.value, code: showCode(made.value.code) } })
    }
    const made = await invitations.linkFor(account, context.actor)
    return made.ok ? ok({ link: linkJson(context, made.value) }) : made
  },
  print: ({ link, code }) =>
    link !== undefined
      ? printLink(link)
      : `${code?.code}\nIt works once, until ${day(code?.expiresAt ?? 0)} (UTC): “I have a code”.`,
})

const listed = z.object({
  invitations: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(linkKinds),
      user: z.object({ id: z.string(), name: z.string() }),
      createdAt: time,
      createdBy: z.string().meta({ description: 'The id of an account, `server` or `operator`.' }),
      expiresAt: time,
      usedAt: time.nullable().meta({ description: 'null: it is open.' }),
    }),
  ),
})

export const invitations = operation({
  name: 'invitations',
  summary: 'list invitations and resets that are open, or were used in their time',
  input: z.strictObject({}),
  http: { method: 'get', path: '/invitations', output: { name: 'Invitations', schema: listed } },
  async run({ waysIn, directory }) {
    const links = (await waysIn.links.list()).filter(({ link }) => link.kind !== 'carry')
    const found = await Promise.all(
      links.map(async ({ id, link }) => {
        const user = await directory.getUser(link.user)
        const { kind, createdAt, createdBy, expiresAt, used } = link
        const of = { id: link.user, name: user?.name ?? '' }
        return { id, kind, user: of, createdAt, createdBy, expiresAt, usedAt: used?.at ?? null }
      }),
    )
    return ok({ invitations: found })
  },
  print: ({ invitations }) =>
    invitations
      .map(({ id, kind, user, expiresAt, usedAt }) => {
        const state = usedAt === null ? `until ${day(expiresAt)}` : `used ${day(usedAt)}`
        return `${id}  ${kind}  ${user.id}  ${user.name}  ${state}`
      })
      .join('\n'),
})

export const revokeLink = operation({
  name: 'revoke-link',
  summary: 'take back an invitation or a reset that is open',
  input: z.strictObject({ link: z.string().meta({ description: 'Its id.' }) }),
  commandLine: { arguments: ['link'] },
  http: { method: 'delete', path: '/invitations/{link}', errors: ['not-found'] },
  run: ({ waysIn, actor }, { link }) => waysIn.links.revoke(link, actor),
  print: () => 'It works no more.',
})
