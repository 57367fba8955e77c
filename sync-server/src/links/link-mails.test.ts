import { beforeEach, describe, expect, it } from 'vitest'
import { Auth } from '../auth/auth.ts'
import { Directory, newUserId } from '../directory/directory.ts'
import type { Mail } from '../mail/mailer.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { MAX_MAILS_FROM_NETWORK, MAX_MAILS_TO_ADDRESS } from './link-mails.ts'
import { openWaysIn, type WaysIn } from './ways-in.ts'

const publicUrl = 'https://chat.hillside.example'
let elapsed = 0
let store: MemoryStore
let directory: Directory
let ways: WaysIn
let mails: Mail[]

beforeEach(async () => {
  elapsed = 0
  mails = []
  store = new MemoryStore()
  const clock = { now: () => Date.UTC(2026, 0, 1), elapsed: () => elapsed }
  const secret = 'a secret of thirty-two characters!'
  directory = new Directory({ store, clock })
  const auth = new Auth({ store, directory, clock, secrets: [secret] })
  const mailer = {
    send: async (mail: Mail) => mails.push(mail) > 0,
    close: () => {},
  }
  const clinic = async () => 'Hillside Practice'
  ways = openWaysIn({ store, clock, secret, auth, directory, clinic, mail: { mailer, publicUrl } })
})

const person = async (email: string, status: 'active' | 'invited' = 'active') => {
  await directory.createUser({
    ...{ id: newUserId(), email, name: 'Kim Novak', roles: ['patient'], status },
    ...{ birthDate: '1984-05-02', passwordHash: 'x' },
  })
}
const ask = (email: string, address = '10.0.0.1') => ways.mails!.ask(email, address)

describe('asking for a mail', () => {
  it('sends a link that works, and names nothing of the person', async () => {
    await person('kim@mail.example')
    await ask(' KIM@mail.example')
    expect(mails).toHaveLength(1)
    const { to, subject, text } = mails[0]!
    expect([to, subject]).toEqual(['kim@mail.example', 'A new way to sign in to Hillside Practice'])
    const [, token = ''] =
      /^https:\/\/chat\.hillside\.example\/reset#([\w-]{43})$/m.exec(text) ?? []
    const looked = await ways.acceptance.look({ token }, '10.0.0.1')
    expect(looked).toMatchObject({ ok: true, value: { kind: 'reset' } })
    for (const word of ['Kim', 'Novak', '1984', 'doctor', 'patient', 'password'])
      expect(text + subject).not.toContain(word)
  })

  it('sends the invitation again to who has not used it', async () => {
    await person('kim@mail.example', 'invited')
    await ask('kim@mail.example')
    expect(mails[0]).toMatchObject({ subject: 'Your invitation to Hillside Practice' })
    expect(mails[0]?.text).toMatch(/\/join#[\w-]{43}$/m)
    expect(mails[0]?.text).toContain('7 days')
  })

  it('sends nobody anything who has no account', async () => {
    await ask('nobody@mail.example')
    expect(mails).toEqual([])
  })

  it('sends so many to an address, and others go on', async () => {
    await person('kim@mail.example')
    await person('sam@mail.example')
    for (let i = 0; i < 10; i++) await ask('kim@mail.example', `10.0.0.${i}`)
    expect(mails).toHaveLength(MAX_MAILS_TO_ADDRESS)
    await ask('sam@mail.example')
    expect(mails).toHaveLength(MAX_MAILS_TO_ADDRESS + 1)
    elapsed += 3_600_000
    await ask('kim@mail.example')
    expect(mails).toHaveLength(MAX_MAILS_TO_ADDRESS + 2)
  })

  it('sends so many for a network, and others go on', async () => {
    await person('kim@mail.example')
    for (let i = 0; i < 100; i++) await ask(`nobody-${i}@mail.example`)
    expect(MAX_MAILS_FROM_NETWORK).toBeLessThan(100)
    await ask('kim@mail.example')
    expect(mails).toEqual([])
    await ask('kim@mail.example', '10.0.0.2')
    expect(mails).toHaveLength(1)
  })
})
