/** What the endpoints for links and codes take and answer with. */
import { z } from 'zod'
import { MAX_PASSWORD } from '../../auth/password.ts'
import { MAX_EMAIL } from '../../directory/user.ts'
import { linkKinds } from '../../links/link-record.ts'
import { newPasskeyBody } from './passkey-schemas.ts'

/** More than a token has, or a code that somebody typed with gaps. */
const LONGEST_SECRET = 64

const token = z.string().max(LONGEST_SECRET).meta({ description: 'What stands behind `#`.' })
const code = z.string().max(LONGEST_SECRET).meta({
  description: 'Eight letters and digits; case, gaps and dashes do not matter.',
})

/** One of the two. */
const secretFields = { token: token.optional(), code: code.optional() }
interface SecretFields {
  readonly token?: string | undefined
  readonly code?: string | undefined
}
const hasOne = (secret: SecretFields): boolean =>
  (secret.token === undefined) !== (secret.code === undefined)

export const linkSecretBody = z.object(secretFields).refine(hasOne)

export const acceptBody = z
  .object({
    ...secretFields,
    password: z.string().min(1).max(MAX_PASSWORD).optional(),
    passkey: newPasskeyBody.optional(),
    email: z.string().max(MAX_EMAIL).optional().meta({
      description: 'To sign in with, for an account that has none. Without effect otherwise.',
    }),
    name: z.string().max(200).optional().meta({
      description: 'Of the first administrator. Without effect otherwise.',
    }),
    attempt: z
      .string()
      .regex(/^[\w-]{22,64}$/)
      .optional()
      .meta({
        description:
          'A secret that the client drew for this attempt: with it the same request can be repeated for 15 minutes when its answer was lost, and begins a session again.',
      }),
    device: z.string().optional().meta({ description: '8 to 32 of a-z 0-9: names the device.' }),
    deviceName: z.string().optional().meta({
      description: 'What the list of devices shows; past 80 UTF-16 units it is cut.',
    }),
  })
  .refine(hasOne)
  .refine(({ password, passkey }) => password === undefined || passkey === undefined)

export const linkViewSchema = z.object({
  kind: z.enum(linkKinds),
  user: z.object({ id: z.string(), name: z.string() }),
  clinic: z.string().meta({ description: 'Its name.' }),
  needs: z.object({
    credential: z.boolean().meta({ description: 'A password or a passkey; false: neither.' }),
    passkey: z.boolean().meta({ description: 'It has to be a passkey.' }),
    email: z.boolean().meta({ description: 'With a password, an e-mail address as well.' }),
    name: z.boolean().meta({ description: 'The account has no name of a person yet.' }),
  }),
})

const expiresAt = z.int().min(0).meta({ description: 'Milliseconds since 1970 (UTC).' })

export const carrySchema = z.object({
  code: z.string().meta({ description: 'Eight letters and digits.' }),
  expiresAt,
})

export const resetRequestBody = z.object({ email: z.string().min(1).max(MAX_EMAIL) })

export const invitationBody = z.object({
  name: z.string().max(200),
  birthDate: z.string().max(10).optional().meta({ description: '`yyyy-mm-dd`.' }),
  email: z.string().max(MAX_EMAIL).optional().meta({
    description: 'Where a mail server is configured, the link goes there as well.',
  }),
  doctorId: z.string().optional().meta({
    description:
      'With whom a chat is there from the beginning; a doctor who invites, if nothing is said.',
  }),
})

export const wayInBody = z.object({
  as: z.enum(['link', 'code']),
  mail: z.boolean().optional().meta({
    description: 'Whether the link goes to the e-mail address of the account, if it has one.',
  }),
})

const linkSchema = z.object({
  kind: z.enum(linkKinds),
  url: z.string().meta({ description: 'The secret is in it: it is shown this once.' }),
  expiresAt,
  mailed: z.boolean().meta({ description: 'Whether a mail server took it.' }),
})

export const invitationSchema = z.object({
  user: z.object({ id: z.string(), name: z.string() }),
  link: linkSchema,
})

export const wayInSchema = z.object({
  link: linkSchema.optional(),
  code: carrySchema.extend({ kind: z.enum(linkKinds) }).optional(),
})
