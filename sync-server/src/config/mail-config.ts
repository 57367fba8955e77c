/** Where people open the app, how mail gets to them, and what staff sign in with. */
import { z } from 'zod'
import { err, ok, type Result } from '../errors/result.ts'

export interface MailConfig {
  /** With user and password, if the mail server wants them. */
  readonly url: string
  /** Of whom the mails are. */
  readonly from: string
}

const isMailServer = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return (protocol === 'smtp:' || protocol === 'smtps:') && hostname !== ''
}

/** `name@host`, or with a name before it; nothing that could begin another line of a mail. */
const isSender = (text: string): boolean =>
  /^(?:[^\p{C}<>@"]{1,80} )?<[^\s<>@]+@[^\s<>@]+>$/u.test(text) ||
  /^[^\s<>@]+@[^\s<>@]+$/.test(text)

const isPublicUrl = (text: string): boolean => {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false
  const { protocol, href, origin } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && href === `${origin}/`
}

export const mailVariables = {
  PUBLIC_URL: z
    .string()
    .refine(isPublicUrl, 'the address of the app, such as https://chat.clinic.example')
    .transform((text) => new URL(text).origin)
    .optional(),
  SMTP_URL: z
    .string()
    .refine(isMailServer, 'such as smtps://user:password@mail.clinic.example')
    .optional(),
  MAIL_FROM: z
    .string()
    .refine(isSender, 'an address such as Hillside <no-reply@clinic.example>')
    .optional(),
  STAFF_PASSKEY: z.enum(['optional', 'required'], 'optional or required').default('optional'),
}

export const mailSecrets = ['SMTP_URL'] as const

type Variables = z.infer<z.ZodObject<typeof mailVariables>>

/** Undefined where there is none. Fails with a line on what is missing beside it. */
export const mailOf = (data: Variables): Result<MailConfig | undefined, string> => {
  const { SMTP_URL: url, MAIL_FROM: from, PUBLIC_URL: publicUrl } = data
  if (url === undefined && from === undefined) return ok(undefined)
  if (url === undefined || from === undefined)
    return err('SMTP_URL and MAIL_FROM come together or not at all')
  // What a request says of itself must not get into a mail: whoever asks could lead people astray.
  if (publicUrl === undefined)
    return err('SMTP_URL needs PUBLIC_URL, the address that links in mails lead to')
  return ok({ url, from })
}
