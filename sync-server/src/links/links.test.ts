import { parseUserId } from '@wardline/core/base/ids'
import { beforeEach, describe, expect, it } from 'vitest'
import { MemoryDisk, MemoryStore } from '../storage/memory-store.ts'
import { MAX_NETWORK_GUESSES } from './guess-throttle.ts'
import { CODE_LIFETIME, LINK_LIFETIMES } from './link-record.ts'
import { newCode, newLinkToken, readCode, showCode } from './link-secret.ts'
import { type LinkSecret, Links } from './links.ts'

const pat = parseUserId('pat-morgan')!
const address = '10.0.0.1'
const HOUR = 3_600_000
let time = 0
let elapsed = 0
let disk: MemoryDisk
let store: MemoryStore
let links: Links

const open = (): void => {
  store = new MemoryStore({ disk })
  const clock = { now: () => time, elapsed: () => elapsed }
  links = new Links({ store, clock, codeKey: new Uint8Array(32) })
}
beforeEach(() => {
  time = Date.UTC(2026, 0, 1)
  elapsed = 0
  disk = new MemoryDisk()
  open()
})

const request = { kind: 'invitation', user: pat, stamp: 0, createdBy: 'dr-ada' } as const
const make = async (kind: 'invitation' | 'reset' | 'carry' = 'invitation') => {
  const made = await links.make({ ...request, kind })
  if (!made.ok) throw new Error(made.error.code)
  return made.value
}
const makeCode = async (kind: 'invitation' | 'reset' | 'carry' = 'reset') => {
  const made = await links.makeCode({ ...request, kind })
  if (!made.ok) throw new Error(made.error.code)
  return made.value
}
const find = async (secret: LinkSecret, from = address) => {
  const found = await links.find(secret, from)
  return found.ok ? found.value.link.kind : found.error.code
}

describe('codes', () => {
  it('are eight characters that nobody takes for others', () => {
    for (let i = 0; i < 500; i++) expect(newCode()).toMatch(/^[2-9A-HJKMNP-TW-Z]{8}$/)
  })

  it('are read as people type them', () => {
    const code = newCode()
    const shown = showCode(code)
    expect(shown).toMatch(/^\w{4}-\w{4}$/)
    for (const typed of [
      code,
      shown,
      shown.toLowerCase(),
      ` ${code.split('').join(' ')} `,
      shown.replace('-', '–'),
    ])
      expect(readCode(typed)).toBe(code)
    for (const typed of ['', code.slice(1), `${code}2`, 'ABCDEFG0', 'ABCDEFGO'])
      expect(readCode(typed)).toBeUndefined()
  })
})

describe('links', () => {
  it('open what they were made for, by token or by code, and the store has neither', async () => {
    const { token, expiresAt } = await make()
    expect(expiresAt).toBe(time + LINK_LIFETIMES.invitation)
    const { code } = await makeCode('invitation')
    expect(await find({ token })).toBe('invitation')
    expect(await find({ code: showCode(code).toLowerCase() })).toBe('invitation')
    const stored = JSON.stringify(await store.listRecords(''))
    for (const secret of [token, code]) expect(stored).not.toContain(secret)
    for await (const { text } of store.readAudit()) expect(text).not.toContain(token)
  })

  it('are there after a restart', async () => {
    const { token } = await make()
    open()
    expect(await find({ token })).toBe('invitation')
  })

  it('give one answer for whatever is wrong with them', async () => {
    const { token } = await make('carry')
    const wrong = [
      { token: newLinkToken() },
      { token: token.slice(1) },
      { token: '' },
      { token: `${token}#` },
      { code: newCode() },
      { code: 'not a code' },
      { code: token },
    ]
    for (const secret of wrong) expect(await find(secret)).toBe('link-invalid')
    time += LINK_LIFETIMES.carry
    expect(await find({ token })).toBe('link-invalid')
  })

  it('expire: an invitation after a week, a reset after a day, a code after half an hour', async () => {
    const invitation = await make()
    const reset = await make('reset')
    const { code } = await makeCode('reset')
    time += CODE_LIFETIME - 1
    expect(await find({ code })).toBe('reset')
    time += 1
    expect(await find({ code })).toBe('link-invalid')
    time += 24 * HOUR - CODE_LIFETIME - 1
    expect(await find({ token: reset.token })).toBe('reset')
    time += 1
    expect(await find({ token: reset.token })).toBe('link-invalid')
    expect(await find({ token: invitation.token })).toBe('invitation')
    time += 6 * 24 * HOUR
    expect(await find({ token: invitation.token })).toBe('link-invalid')
  })

  it('a code is never good for longer than its link', async () => {
    await make('carry')
    const { expiresAt } = await makeCode('carry')
    expect(expiresAt).toBe(time + LINK_LIFETIMES.carry)
  })

  it('of a kind a person has one, and one code: the next takes the place of the one before', async () => {
    const first = await make()
    const firstCode = await makeCode('invitation')
    const secondCode = await makeCode('invitation')
    expect(await find({ code: firstCode.code })).toBe('link-invalid')
    expect(await find({ code: secondCode.code })).toBe('invitation')
    const reset = await make('reset')
    const second = await make()
    expect(await find({ token: first.token })).toBe('link-invalid')
    expect(await find({ code: secondCode.code })).toBe('link-invalid')
    expect(await find({ token: second.token })).toBe('invitation')
    expect(await find({ token: reset.token })).toBe('reset')
    expect(await store.listRecords('code/')).toEqual([])
    expect(await links.list()).toHaveLength(2)
  })

  it('are one in the end when two make them at once', async () => {
    const made = await Promise.all([make(), make(), make()])
    const opened = await Promise.all(made.map(({ token }) => find({ token })))
    expect(opened.filter((answer) => answer === 'invitation')).toHaveLength(1)
  })

  it('are taken back', async () => {
    const { id, token } = await make()
    const { code } = await makeCode('invitation')
    expect(await links.revoke(id, 'dr-ada')).toEqual({ ok: true, value: undefined })
    expect(await find({ token })).toBe('link-invalid')
    expect(await find({ code })).toBe('link-invalid')
    expect(await links.revoke(id, 'dr-ada')).toMatchObject({ error: { code: 'not-found' } })
  })

  it('are all removed with why somebody had them', async () => {
    const tokens = [await make(), await make('reset')].map(({ token }) => token)
    await makeCode('carry')
    await store.commit({ records: await links.removalOf(pat, ['reset']) })
    expect(await Promise.all(tokens.map((token) => find({ token })))).toEqual([
      'invitation',
      'link-invalid',
    ])
    await store.commit({ records: await links.removalOf(pat) })
    expect(await store.listRecords('')).toEqual([])
  })

  it('cannot be guessed at, while a right one opens for everybody', async () => {
    const { token } = await make()
    const { code } = await makeCode('invitation')
    for (let i = 0; i < MAX_NETWORK_GUESSES; i++)
      expect(await find(i % 2 === 0 ? { code: newCode() } : { token: newLinkToken() })).toBe(
        'link-invalid',
      )
    expect(await find({ code: newCode() })).toBe('too-many-attempts')
    // Not even the right one tells that it is.
    expect(await find({ code })).toBe('too-many-attempts')
    expect(await find({ token: newLinkToken() })).toBe('too-many-attempts')
    expect(await find({ token })).toBe('invitation')
    expect(await find({ code }, '10.0.0.2')).toBe('invitation')
    elapsed += 60_000
    expect(await find({ code })).toBe('invitation')
  })

  it('write down who guessed, once for each that was counted', async () => {
    for (let i = 0; i < MAX_NETWORK_GUESSES + 20; i++) await find({ code: newCode() })
    const lines: unknown[] = []
    for await (const { text } of store.readAudit()) lines.push(JSON.parse(text))
    expect(lines).toHaveLength(MAX_NETWORK_GUESSES)
    expect(lines[0]).toEqual({
      at: time,
      actor: 'server',
      action: 'link.refused',
      details: { address },
    })
  })

  it('live no longer for a clock that was an hour ahead and put right', async () => {
    time += HOUR
    const { code } = await makeCode('reset')
    const { token } = await make('invitation')
    time -= HOUR
    expect(await find({ code })).toBe('link-invalid')
    await links.removeExpired()
    time += LINK_LIFETIMES.invitation
    expect(await find({ token })).toBe('link-invalid')
  })

  it('are removed from the store when they are over', async () => {
    await make()
    await makeCode('reset')
    time += 24 * HOUR
    expect(await links.removeExpired()).toBe(3)
    expect((await store.listRecords('')).map(({ key }) => key.split('/')[0])).toEqual([
      'link',
      'user-link',
    ])
    time += 7 * 24 * HOUR
    await links.removeExpired()
    expect(await store.listRecords('')).toEqual([])
  })

  it('who goes on with a link that opens nothing is refused without a line for each time', async () => {
    const answers: string[] = []
    for (let i = 0; i < MAX_NETWORK_GUESSES + 5; i++) {
      const refused = await links.refuse(address)
      answers.push(refused.ok ? 'ok' : refused.error.code)
    }
    expect(answers.slice(0, MAX_NETWORK_GUESSES)).toEqual(
      Array(MAX_NETWORK_GUESSES).fill('link-invalid'),
    )
    expect(new Set(answers.slice(MAX_NETWORK_GUESSES))).toEqual(new Set(['too-many-attempts']))
    expect(await store.auditTip()).toMatchObject({ n: MAX_NETWORK_GUESSES })
  })
})
