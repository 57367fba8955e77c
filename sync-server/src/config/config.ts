/** The server's settings, read from the environment once, by the process's entry point. */
import { resolve } from 'node:path'
import { err, ok, type Result } from '../errors/result.ts'
import { DEFAULT_QUOTAS, type Quotas, quotaVariables } from './quotas.ts'
import { areVapidKeys, type VapidKeys } from './vapid-pair.ts'

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

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
  /** Absent: the defaults. */
  readonly quotas?: Quotas
  /** Absent: those kept in the data directory, see `loadVapidKeys`. */
  readonly vapidKeys?: VapidKeys
  /** Where push services can reach who runs this server: a mailto: or https: address. */
  readonly vapidSubject?: string
}

const MiB = 1024 * 1024
/** 1 TiB. */
const LARGEST_QUOTA_MIB = 1024 * 1024

export const MIN_SECRET_LENGTH = 32

/** The environment's shape; `process.env` is one. */
export type Environment = Readonly<Record<string, string | undefined>>

type Setting<T> = Result<T, string>

/** Fails with one line that names the variable, its value and what is expected. */
export const readConfig = (env: Environment): Result<Config, string> => {
  const port = readInteger(env, 'PORT', 8080, 65535)
  if (!port.ok) return port
  const trustedProxies = readInteger(env, 'TRUST_PROXY', 0, 10)
  if (!trustedProxies.ok) return trustedProxies
  const secret = readSecret(env, 'JWT_SECRET')
  if (!secret.ok) return secret
  const previous = readSecret(env, 'JWT_SECRET_PREVIOUS')
  if (!previous.ok) return previous
  const clientUrl = readOrigin(env, 'CLIENT_URL')
  if (!clientUrl.ok) return clientUrl
  const demo = readChoice(env, 'WARDLINE_DEMO', ['1', '0'])
  if (!demo.ok) return demo
  // A mistyped "prod" must not bring the demo accounts and their public password with it.
  const nodeEnv = readChoice(env, 'NODE_ENV', ['development', 'test', 'production'])
  if (!nodeEnv.ok) return nodeEnv
  const logLevel = readChoice(env, 'LOG_LEVEL', ['info', 'silent', 'error', 'warn', 'debug'])
  if (!logLevel.ok) return logLevel
  const vapidKeys = readVapidKeys(env)
  if (!vapidKeys.ok) return vapidKeys
  const vapidSubject = readContact(env, 'VAPID_SUBJECT')
  if (!vapidSubject.ok) return vapidSubject
  const quotas = readQuotas(env)
  if (!quotas.ok) return quotas
  const production = nodeEnv.value === 'production'
  return ok({
    port: port.value,
    host: given(env, 'HOST'),
    dataDir: resolve(given(env, 'DATA_DIR') ?? './data'),
    jwtSecret: secret.value,
    previousJwtSecret: previous.value,
    clientUrl: clientUrl.value,
    demo: !production && demo.value === '1',
    production,
    trustedProxies: trustedProxies.value,
    logLevel: logLevel.value,
    quotas: quotas.value,
    ...(vapidKeys.value && { vapidKeys: vapidKeys.value }),
    ...(vapidSubject.value !== undefined && { vapidSubject: vapidSubject.value }),
  })
}

/** A variable set to nothing counts as not set, as shells and compose files leave them. */
const given = (env: Environment, name: string): string | undefined => {
  const text = env[name]?.trim()
  return text === '' ? undefined : text
}

const refuse = (name: string, value: string, expected: string): Setting<never> =>
  err(`${name} is ${JSON.stringify(value)}, expected ${expected}`)

const readInteger = (
  env: Environment,
  name: string,
  fallback: number,
  max: number,
  min = 0,
): Setting<number> => {
  const text = given(env, name)
  if (text === undefined) return ok(fallback)
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN
  return value >= min && value <= max
    ? ok(value)
    : refuse(name, text, `a whole number from ${min} to ${max}`)
}

const readQuotas = (env: Environment): Setting<Quotas> => {
  const quotas: Record<keyof Quotas, number> = { ...DEFAULT_QUOTAS }
  for (const quota of Object.keys(DEFAULT_QUOTAS) as (keyof Quotas)[]) {
    const fallback = DEFAULT_QUOTAS[quota] / MiB
    const read = readInteger(env, quotaVariables[quota], fallback, LARGEST_QUOTA_MIB, 1)
    if (!read.ok) return read
    quotas[quota] = read.value * MiB
  }
  return ok(quotas)
}

/** The first choice is the default. */
const readChoice = <T extends string>(
  env: Environment,
  name: string,
  choices: readonly [T, ...T[]],
): Setting<T> => {
  const text = given(env, name)
  if (text === undefined) return ok(choices[0])
  const choice = choices.find((candidate) => candidate === text)
  return choice === undefined ? refuse(name, text, `one of ${choices.join(', ')}`) : ok(choice)
}

/** The value of a secret never reaches a message or a log. */
const readSecret = (env: Environment, name: string): Setting<string | undefined> => {
  const text = given(env, name)
  if (text === undefined || text.length >= MIN_SECRET_LENGTH) return ok(text)
  return err(
    `${name} has ${text.length} characters (value not shown), expected at least ${MIN_SECRET_LENGTH}`,
  )
}

const readOrigin = (env: Environment, name: string): Setting<string | undefined> => {
  const text = given(env, name)
  if (text === undefined) return ok(undefined)
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isOrigin =
    url !== undefined &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.href === `${url.origin}/` &&
    !/[?#]/.test(text)
  return isOrigin
    ? ok(url.origin)
    : refuse(name, text, 'an http or https origin such as http://localhost:5173')
}

/** Both halves or none. Neither is shown: the two are easily mixed up. */
const readVapidKeys = (env: Environment): Setting<VapidKeys | undefined> => {
  const publicKey = given(env, 'VAPID_PUBLIC_KEY')
  const privateKey = given(env, 'VAPID_PRIVATE_KEY')
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

const readContact = (env: Environment, name: string): Setting<string | undefined> => {
  const text = given(env, name)
  if (text === undefined) return ok(undefined)
  const isContact =
    /^mailto:[^\s@]+@[^\s@]+$/.test(text) || (text.startsWith('https://') && URL.canParse(text))
  return isContact
    ? ok(text)
    : refuse(name, text, 'an address such as mailto:it@clinic.example or https://clinic.example')
}
