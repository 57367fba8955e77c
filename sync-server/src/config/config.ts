/** The server's settings, read from the environment once, by the process's entry point. */
import { resolve } from 'node:path'
import { z } from 'zod'
import { err, ok, type Result } from '../errors/result.ts'
import {
  identitySecrets,
  identityVariables,
  type OidcConfig,
  type OutsideTokenConfig,
  oidcOf,
  outsideTokensOf,
} from './identity-config.ts'
import { type MailConfig, mailOf, mailSecrets, mailVariables } from './mail-config.ts'
import { DEFAULT_QUOTAS, type Quotas } from './quotas.ts'
import { areVapidKeys, type VapidKeys } from './vapid-pair.ts'

const logLevels = ['info', 'silent', 'error', 'warn', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

export interface Config {
  /** 0 lets the system choose a free one. */
  readonly port: number
  /** Undefined: all interfaces. */
  readonly host: string | undefined
  /** Absolute path. */
  readonly dataDir: string
  /** Undefined: the one kept in the data directory, see `loadSecret`. */
  readonly jwtSecret: string | undefined
  /** Still accepted while tokens signed with it are alive. Never signs. */
  readonly previousJwtSecret: string | undefined
  /** An origin besides the server's own that may use it. */
  readonly clientUrl: string | undefined
  readonly demo: boolean
  readonly production: boolean
  /** How many reverse proxies stand before the server; their X-Forwarded headers are believed. */
  readonly trustedProxies: number
  readonly logLevel: LogLevel
  /** After how many minutes devices lock, until an admin says otherwise. Absent: they do not. */
  readonly lockMinutes?: number
  /** How long lines of the audit trail are kept. */
  readonly auditYears?: number
  /** How long closed accounts are kept before they may be erased, days. Absent: the default. */
  readonly retentionDays?: number
  /** Absent: the defaults. */
  readonly quotas?: Quotas
  /** Absent: those kept in the data directory, see `loadVapidKeys`. */
  readonly vapidKeys?: VapidKeys
  /** Where push services can reach who runs this server: a mailto: or https: address. */
  readonly vapidSubject?: string
  /** Origin at which people open the app. Absent: where they happen to. */
  readonly publicUrl?: string
  /** Absent: no mail is sent. */
  readonly mail?: MailConfig
  /** Whether doctors, staff and admins have to sign in with a passkey. */
  readonly staffPasskey?: boolean
  /** Absent: nobody signs in through a provider. */
  readonly oidc?: OidcConfig
  /** Absent: tokens of nobody else are taken. */
  readonly outsideTokens?: OutsideTokenConfig
}

/** Ten years, for which records of treatment are to be kept in many places. */
export const DEFAULT_RETENTION_DAYS = 3_650
const MAX_RETENTION_DAYS = 36_500

/** Minutes after which a device locks itself at the latest; a working day. */
export const MAX_LOCK_MINUTES = 480

const MiB = 1024 * 1024
/** 1 TiB. */
const LARGEST_QUOTA_MIB = 1024 * 1024

/** As long as most places have to keep it. */
export const DEFAULT_AUDIT_YEARS = 10

export const MIN_SECRET_LENGTH = 32

/** The environment's shape; `process.env` is one. */
export type Environment = Readonly<Record<string, string | undefined>>

// What each schema says of a wrong value is what it expects; `problemOf` puts name and value before.

const wholeNumber = (fallback: number, max: number, min = 0) => {
  const expected = `a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,7}$/, expected)
    .transform(Number)
    .pipe(z.number().min(min, expected).max(max, expected))
    .default(fallback)
}

/** The first choice is the default. */
const oneOf = <const T extends readonly [string, ...string[]]>(choices: T) =>
  z.enum(choices, `one of ${choices.join(', ')}`).default(choices[0])

const secret = z.string().min(MIN_SECRET_LENGTH, `at least ${MIN_SECRET_LENGTH}`).optional()

const isOrigin = (text: string): boolean => {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false
  const { protocol, href, origin } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && href === `${origin}/`
}

const isContact = (text: string): boolean =>
  /^mailto:[^\s@]+@[^\s@]+$/.test(text) || (text.startsWith('https://') && URL.canParse(text))

const mebibytes = (bytes: number) =>
  wholeNumber(bytes / MiB, LARGEST_QUOTA_MIB, 1).transform((read) => read * MiB)

const variables = z.object({
  PORT: wholeNumber(8080, 65535),
  HOST: z.string().optional(),
  DATA_DIR: z.string().default('./data'),
  TRUST_PROXY: wholeNumber(0, 10),
  JWT_SECRET: secret,
  JWT_SECRET_PREVIOUS: secret,
  CLIENT_URL: z
    .string()
    .refine(isOrigin, 'an http or https origin such as http://localhost:5173')
    .transform((text) => new URL(text).origin)
    .optional(),
  WARDLINE_DEMO: oneOf(['1', '0']),
  // A mistyped "prod" must not bring the demo accounts and their public password with it.
  NODE_ENV: oneOf(['development', 'test', 'production']),
  LOG_LEVEL: oneOf(logLevels),
  RETENTION_DAYS: wholeNumber(DEFAULT_RETENTION_DAYS, MAX_RETENTION_DAYS),
  LOCK_MINUTES: wholeNumber(0, MAX_LOCK_MINUTES),
  AUDIT_YEARS: wholeNumber(DEFAULT_AUDIT_YEARS, 100, 1),
  VAPID_PUBLIC_KEY: z.string().optional(),
  VAPID_PRIVATE_KEY: z.string().optional(),
  VAPID_SUBJECT: z
    .string()
    .refine(isContact, 'an address such as mailto:it@clinic.example or https://clinic.example')
    .optional(),
  QUOTA_PATIENT_MIB: mebibytes(DEFAULT_QUOTAS.patientBytes),
  QUOTA_DOCTOR_MIB: mebibytes(DEFAULT_QUOTAS.doctorBytes),
  QUOTA_CHAT_MIB: mebibytes(DEFAULT_QUOTAS.chatBytes),
  QUOTA_PATIENT_FILES_MIB: mebibytes(DEFAULT_QUOTAS.patientFileBytes),
  QUOTA_DOCTOR_FILES_MIB: mebibytes(DEFAULT_QUOTAS.doctorFileBytes),
  ...identityVariables,
  ...mailVariables,
})

/** Fails with one line that names the variable, its value and what is expected. */
export const readConfig = (env: Environment): Result<Config, string> => {
  const given = givenIn(env)
  const read = variables.safeParse(given)
  if (!read.success) return err(problemOf(read.error, given))
  const { data } = read
  const vapidKeys = vapidKeysOf(data)
  if (!vapidKeys.ok) return vapidKeys
  const oidc = oidcOf(data)
  if (!oidc.ok) return oidc
  const outsideTokens = outsideTokensOf(data)
  if (!outsideTokens.ok) return outsideTokens
  const mail = mailOf(data)
  if (!mail.ok) return mail
  const production = data.NODE_ENV === 'production'
  return ok({
    port: data.PORT,
    host: data.HOST,
    dataDir: resolve(data.DATA_DIR),
    jwtSecret: data.JWT_SECRET,
    previousJwtSecret: data.JWT_SECRET_PREVIOUS,
    clientUrl: data.CLIENT_URL,
    demo: !production && data.WARDLINE_DEMO === '1',
    production,
    trustedProxies: data.TRUST_PROXY,
    logLevel: data.LOG_LEVEL,
    auditYears: data.AUDIT_YEARS,
    lockMinutes: data.LOCK_MINUTES,
    retentionDays: data.RETENTION_DAYS,
    quotas: {
      patientBytes: data.QUOTA_PATIENT_MIB,
      doctorBytes: data.QUOTA_DOCTOR_MIB,
      chatBytes: data.QUOTA_CHAT_MIB,
      patientFileBytes: data.QUOTA_PATIENT_FILES_MIB,
      doctorFileBytes: data.QUOTA_DOCTOR_FILES_MIB,
    },
    ...(vapidKeys.value && { vapidKeys: vapidKeys.value }),
    ...(data.VAPID_SUBJECT !== undefined && { vapidSubject: data.VAPID_SUBJECT }),
    ...(data.PUBLIC_URL !== undefined && { publicUrl: data.PUBLIC_URL }),
    ...(mail.value && { mail: mail.value }),
    staffPasskey: data.STAFF_PASSKEY === 'required',
    ...(oidc.value && { oidc: oidc.value }),
    ...(outsideTokens.value && { outsideTokens: outsideTokens.value }),
  })
}

/** A variable set to nothing counts as not set, as shells and compose files leave them. */
const givenIn = (env: Environment): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.keys(variables.shape).flatMap((name) => {
      const text = env[name]?.trim() ?? ''
      return text === '' ? [] : [[name, text]]
    }),
  )

/** Of the first that is wrong. The value of a secret never reaches a message or a log. */
const problemOf = (error: z.ZodError, given: Readonly<Record<string, string>>): string => {
  const [issue] = error.issues
  const name = String(issue?.path[0])
  const text = given[name] ?? ''
  const value = secrets.has(name)
    ? `has ${text.length} characters (value not shown)`
    : `is ${JSON.stringify(text)}`
  return `${name} ${value}, expected ${issue?.message}`
}

const secrets: ReadonlySet<string> = new Set([
  'JWT_SECRET',
  'JWT_SECRET_PREVIOUS',
  ...identitySecrets,
  ...mailSecrets,
])

/** Both halves or none. Neither is shown: the two are easily mixed up. */
const vapidKeysOf = ({
  VAPID_PUBLIC_KEY: publicKey,
  VAPID_PRIVATE_KEY: privateKey,
}: z.infer<typeof variables>): Result<VapidKeys | undefined, string> => {
  if (publicKey === undefined && privateKey === undefined) return ok(undefined)
  if (publicKey === undefined || privateKey === undefined)
    return err('VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY come together or not at all')
  const keys = { publicKey, privateKey }
  return areVapidKeys(keys)
    ? ok(keys)
    : err(
        'VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY (values not shown) are not the base64url halves of one P-256 key',
      )
}
