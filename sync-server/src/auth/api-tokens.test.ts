import { type ChatId, parseChatId, parseUserId } from '@wardline/core/base/ids'
import { beforeEach, describe, expect, it } from 'vitest'
import { Directory, newUserId } from '../directory/directory.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { MAX_API_TOKENS, MAX_TOKEN_CHATS } from './api-tokens.ts'
import { Auth } from './auth.ts'

const secret = 'a secret of thirty-two characters!'
const address = '10.0.0.1'
const program = newUserId()
const person = newUserId()
const group = parseChatId('g.abcdefghijklmnopqrstuvwxyz')
let time = 0
let store: MemoryStore
let ended: string[]
let directory: Directory
let auth: Auth

const open = async (): Promise<void> => {
  const clock = { now: () => time, elapsed: () => time }
  directory = new Directory({ store, clock })
  auth = new Auth({
    store,
    directory,
    secrets: [secret],
    clock,
    onSessionEnd: (session, user) => ended.push(`${session} ${user}`),
  })
  await directory.open()
  await auth.open()
}

beforeEach(async () => {
  time = Date.UTC(2026, 0, 1)
  store = new MemoryStore()
  ended = []
  await open()
  await directory.createUser({ id: program, name: 'Lab results', roles: ['service'] })
  await directory.createUser({ id: person, name: 'Dr Ada Osei', roles: ['doctor'] })
})

const make = async (chats: 'all' | ChatId[] = 'all', name = 'Nightly') => {
  const made = await auth.apiTokens.make({ user: program, name, chats }, 'the-admin')
  if (!made.ok) throw new Error(made.error.code)
  return made.value
}
const accessOf = async (text: string): Promise<string> => {
  const signedIn = await auth.signInProgram(text, address)
  if (!signedIn.ok) throw new Error(signedIn.error.code)
  return signedIn.value.accessToken
}
const audit = async (): Promise<string[]> => {
  const lines: string[] = []
  for await (const { text } of store.readAudit()) lines.push(text)
  return lines
}
const isGood = (access: string): boolean => auth.verifyAccessToken(access).ok

describe('an API token', () => {
  it('gives access tokens of its program, and is stored as a hash', async () => {
    const { token, text } = await make()
    expect(text).toMatch(/^wl_[0-9a-f]{16}_[0-9a-f]{64}$/)
    const signedIn = await auth.signInProgram(text, address)
    expect(signedIn).toMatchObject({
      ok: true,
      value: {
        user: { id: program, name: 'Lab results', role: 'service', roles: ['service'] },
        refreshToken: undefined,
      },
    })
    const claims = auth.verifyAccessToken(await accessOf(text))
    expect(claims).toMatchObject({
      ok: true,
      value: { userId: program, session: `api.${token.id}`, expiresAt: time + 600_000 },
    })
    const kept = JSON.stringify(await store.listRecords('api-token/')) + (await audit()).join()
    expect(kept).not.toContain(text.split('_')[2])
  })

  it('names the chats that it may see', async () => {
    if (group === undefined) throw new Error('a chat')
    const some = auth.verifyAccessToken(await accessOf((await make([group])).text))
    expect(some.ok && some.value.chats).toEqual(new Set([group]))
    const all = auth.verifyAccessToken(await accessOf((await make('all')).text))
    expect(all.ok && 'chats' in all.value).toBe(false)
    const none = auth.verifyAccessToken(await accessOf((await make([])).text))
    expect(none.ok && none.value.chats?.size).toBe(0)
  })

  it('is listed without anything that could be used, with when it was seen last', async () => {
    const first = await make('all', ' First ')
    time += 1
    const second = await make(group === undefined ? [] : [group], 'Second')
    time += 5_000
    await accessOf(first.text)
    expect(await auth.apiTokens.list(program)).toEqual([
      second.token,
      { ...first.token, name: 'First', seenAt: time },
    ])
    expect(await auth.apiTokens.list(person)).toEqual([])
    expect(await auth.apiTokens.list()).toHaveLength(2)
    const noted = time
    time += 1_800_000
    await accessOf(first.text)
    expect((await auth.apiTokens.list())[1]?.seenAt).toBe(noted)
    time += 1_800_000
    await accessOf(first.text)
    expect((await auth.apiTokens.list())[1]?.seenAt).toBe(time)
    expect((await audit()).filter((line) => line.includes('login.succeeded'))).toHaveLength(2)
  })

  it('ends with its access tokens and sockets, at once and for good', async () => {
    const { token, text } = await make()
    const other = await make()
    const access = await accessOf(text)
    const others = await accessOf(other.text)
    expect(await auth.apiTokens.end(token.id, 'the-admin')).toBe(true)
    expect(ended).toEqual([`api.${token.id} ${program}`])
    expect(isGood(access)).toBe(false)
    expect(await auth.signInProgram(text, address)).toMatchObject({
      ok: false,
      error: { code: 'api-token-refused' },
    })
    expect(await auth.apiTokens.end(token.id, 'the-admin')).toBe(false)
    expect(isGood(others)).toBe(true)
    await open()
    expect(isGood(access)).toBe(false)
    expect(isGood(others)).toBe(true)
    expect((await audit()).at(-1)).toContain('"action":"token.ended"')
  })

  it('ends with all that its account is signed in with', async () => {
    const { text } = await make()
    const access = await accessOf(text)
    await auth.endSessionsOf(program, { actor: 'the-admin', reason: 'disabled' })
    expect(isGood(access)).toBe(false)
    expect(ended).toHaveLength(1)
    expect(await auth.apiTokens.list()).toEqual([])
    await open()
    expect(isGood(access)).toBe(false)
  })

  it('is refused when it is guessed, cut off, or of an account that is none', async () => {
    const { token, text } = await make()
    for (const wrong of [
      '',
      'wl_',
      text.slice(0, -1),
      `${text}0`,
      `wl_${token.id}_${'0'.repeat(64)}`,
      `wl_${'0'.repeat(16)}_${text.split('_')[2]}`,
      text.toUpperCase(),
    ])
      expect(await auth.signInProgram(wrong, address), wrong).toMatchObject({
        ok: false,
        error: { code: 'api-token-refused' },
      })
  })

  it('is made for programs in use only, with a name, and of each so many', async () => {
    const problem = async (more: object): Promise<string> => {
      const input = { user: program, name: 'x', chats: 'all' as const, ...more }
      const made = await auth.apiTokens.make(input, 'the-admin')
      return made.ok ? 'none' : made.error.code
    }
    expect(await problem({ user: person })).toBe('user-not-found')
    expect(await problem({ user: parseUserId('u-nobody') })).toBe('user-not-found')
    for (const name of ['', ' ', 'x'.repeat(81), 'a\nb'])
      expect(await problem({ name })).toBe('bad-request')
    const many = Array.from({ length: MAX_TOKEN_CHATS + 1 }, () => group)
    expect(await problem({ chats: many })).toBe('bad-request')
    for (let n = 0; n < MAX_API_TOKENS; n++) await make()
    expect(await problem({})).toBe('too-many-api-tokens')
  })
})
