import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import webPush from 'web-push'
import { type Config, type Environment, readConfig } from './config.ts'
import { DEFAULT_QUOTAS } from './quotas.ts'

const MiB = 1024 * 1024

const read = (env: Environment): Config => {
  const result = readConfig(env)
  if (!result.ok) throw new Error(result.error)
  return result.value
}
const problem = (env: Environment): string => {
  const result = readConfig(env)
  return result.ok ? 'none' : result.error
}

describe('readConfig', () => {
  it('has a default for everything', () => {
    expect(read({})).toEqual({
      port: 8080,
      host: undefined,
      dataDir: resolve('data'),
      jwtSecret: undefined,
      previousJwtSecret: undefined,
      clientUrl: undefined,
      demo: true,
      production: false,
      trustedProxies: 0,
      logLevel: 'info',
      lockMinutes: 0,
      retentionDays: 3_650,
      auditYears: 10,
      staffPasskey: false,
      quotas: DEFAULT_QUOTAS,
    })
  })

  it('reads every setting', () => {
    const secret = 's'.repeat(32)
    const previous = 'p'.repeat(40)
    expect(
      read({
        PORT: '0',
        HOST: '127.0.0.1',
        DATA_DIR: '/var/lib/wardline',
        JWT_SECRET: secret,
        JWT_SECRET_PREVIOUS: previous,
        CLIENT_URL: 'https://App.example.org:8443/',
        WARDLINE_DEMO: '0',
        NODE_ENV: 'production',
        TRUST_PROXY: '1',
        LOG_LEVEL: 'debug',
        LOCK_MINUTES: '15',
        RETENTION_DAYS: '30',
        PUBLIC_URL: 'https://chat.example.org/',
        SMTP_URL: 'smtps://user:secret@mail.example.org',
        MAIL_FROM: 'Hillside <no-reply@example.org>',
        STAFF_PASSKEY: 'required',
        QUOTA_PATIENT_MIB: '3',
        QUOTA_DOCTOR_FILES_MIB: '1048576',
      }),
    ).toEqual({
      port: 0,
      host: '127.0.0.1',
      dataDir: '/var/lib/wardline',
      jwtSecret: secret,
      previousJwtSecret: previous,
      clientUrl: 'https://app.example.org:8443',
      demo: false,
      production: true,
      trustedProxies: 1,
      logLevel: 'debug',
      lockMinutes: 15,
      retentionDays: 30,
      auditYears: 10,
      publicUrl: 'https://chat.example.org',
      mail: {
        url: 'smtps://user:secret@mail.example.org',
        from: 'Hillside <no-reply@example.org>',
      },
      staffPasskey: true,
      quotas: { ...DEFAULT_QUOTAS, patientBytes: 3 * MiB, doctorFileBytes: 1_048_576 * MiB },
    })
  })

  it('takes keys for notifications that belong together, and shows neither', () => {
    const one = webPush.generateVAPIDKeys()
    const other = webPush.generateVAPIDKeys()
    const env = { VAPID_PUBLIC_KEY: one.publicKey, VAPID_PRIVATE_KEY: one.privateKey }
    expect(read({ ...env, VAPID_SUBJECT: 'mailto:it@clinic.example' })).toMatchObject({
      vapidKeys: one,
      vapidSubject: 'mailto:it@clinic.example',
    })
    const wrong = problem({ ...env, VAPID_PUBLIC_KEY: other.publicKey })
    expect(wrong).toContain('not the base64url halves of one P-256 key')
    expect(wrong).not.toContain(one.privateKey)
    expect(problem({ ...env, VAPID_PRIVATE_KEY: 'x' })).toContain('not the base64url halves')
    expect(problem({ VAPID_PUBLIC_KEY: one.publicKey })).toContain('come together')
    for (const VAPID_SUBJECT of ['it@clinic.example', 'http://clinic.example', 'mailto:nobody'])
      expect(problem({ VAPID_SUBJECT })).toContain('VAPID_SUBJECT is')
  })

  it('takes a variable that is set to nothing as not set', () => {
    expect(read({ PORT: '', CLIENT_URL: ' ', JWT_SECRET: '' })).toEqual(read({}))
  })

  it('never makes a demo clinic in production', () => {
    expect(read({ NODE_ENV: 'production', WARDLINE_DEMO: '1' }).demo).toBe(false)
    expect(read({ WARDLINE_DEMO: '0' }).demo).toBe(false)
    expect(read({ NODE_ENV: 'test' }).demo).toBe(true)
  })

  it.each(['-1', '65536', '80a', '8e3', '0x50', '1.5'])('refuses the port %s', (PORT) => {
    expect(problem({ PORT })).toBe(`PORT is "${PORT}", expected a whole number from 0 to 65535`)
  })

  it.each([
    'localhost:5173',
    'ftp://a.example',
    'https://a.example/path',
    'https://user@a.example',
    'https://a.example?x',
    'https://a.example/#',
    '*',
    'null',
  ])('refuses the client URL %s', (CLIENT_URL) => {
    expect(problem({ CLIENT_URL })).toContain(`CLIENT_URL is "${CLIENT_URL}", expected an http`)
  })

  it('refuses a short secret without showing it', () => {
    const message = problem({ JWT_SECRET: 'your_jwt_secret' })
    expect(message).toBe('JWT_SECRET has 15 characters (value not shown), expected at least 32')
    expect(problem({ JWT_SECRET_PREVIOUS: 'short' })).toContain('JWT_SECRET_PREVIOUS')
  })

  it('refuses what it does not know', () => {
    expect(problem({ NODE_ENV: 'prod' })).toBe(
      'NODE_ENV is "prod", expected one of development, test, production',
    )
    expect(problem({ WARDLINE_DEMO: 'no' })).toContain('WARDLINE_DEMO is "no"')
    expect(problem({ LOG_LEVEL: 'loud' })).toContain('LOG_LEVEL is "loud"')
    expect(problem({ TRUST_PROXY: 'true' })).toContain('TRUST_PROXY is "true"')
  })
})
