/** docs/programs.md: a program as a device. */
import type { MessageView } from '@wardline/core/client/model/views'
import { MemoryDatabase, MemoryLocalStore } from '@wardline/core/client/store/memory-local-store'
import { type ConnectOptions, connect, type Program } from '@wardline/core/node/connect'
import { DeviceRemovedError } from '@wardline/core/node/device-removed-error'
import { SignInError } from '@wardline/core/node/session'
import type { RunningServer } from '@wardline/sync-server/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callerFor } from '../support/http-caller.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

const CHAT = 'dm.pat-morgan.dr-ada'
let dataDir: string
let server: RunningServer
const programs: Program[] = []

beforeEach(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  const pat = await callerFor(server.url, 'pat@demo.clinic')
  await pat('POST', '/api/chat/chats', { doctorId: 'dr-ada' })
})
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.close()))
  await server.close()
  await removeDataDir(dataDir)
})

const run = async (who: string, more: Partial<ConnectOptions> = {}): Promise<Program> => {
  const email = `${who}@demo.clinic`
  const program = await connect({ url: server.url, email, password: 'wardline-demo', ...more })
  programs.push(program)
  return program
}

const said = (messages: readonly MessageView[]): string[] =>
  messages.map(({ text, status }) => `${text} ${status}`)

describe('a program', () => {
  it('gets what came while it was not running, once, and again what it failed at', async () => {
    const pat = await run('pat')
    for (const text of ['one', 'two', 'three']) await pat.send(CHAT, text)
    const errors: unknown[] = []
    const first: string[] = []
    const failing = await run('ada', {
      onError: (error) => errors.push(error),
      onMessage: ({ message }) => {
        if (message.text === 'two') throw new Error('not today')
        first.push(message.text)
      },
    })
    await expect.poll(() => errors.length).toBeGreaterThan(0)
    expect(first).toEqual(['one'])
    await expect
      .poll(async () => said(await pat.messages(CHAT)))
      .toEqual(['one read', 'two delivered', 'three delivered'])
    programs.splice(programs.indexOf(failing), 1)
    await failing.close()

    const second: string[] = []
    await run('ada', { onMessage: ({ message }) => void second.push(message.text) })
    await expect.poll(() => second).toEqual(['two', 'three'])
    await expect
      .poll(async () => said(await pat.messages(CHAT)))
      .toEqual(['one read', 'two read', 'three read'])
    await pat.send(CHAT, 'four')
    await expect.poll(() => second).toEqual(['two', 'three', 'four'])
  })

  it('answers a message, and says when there is no such chat', async () => {
    await run('ada', { onMessage: ({ reply }) => reply('Yes') })
    const pat = await run('pat')
    await pat.send(CHAT, 'Really')
    await expect.poll(async () => (await pat.messages(CHAT)).at(-1)?.text).toBe('Yes')
    const [question, answer] = await pat.messages(CHAT)
    expect(answer?.reply?.key).toBe(question?.key)
    await expect(pat.send('nonsense', 'x')).rejects.toThrow('not the id of a chat')
    await expect(pat.send('dm.sam-rivera.dr-ben', 'x')).rejects.toThrow()
  })

  it('that was removed says so at once, empties its store, and does not come back', async () => {
    for (const [reason, by] of [
      ['removed-self', 'person'],
      ['removed', 'clinic'],
    ] as const) {
      const errors: unknown[] = []
      const database = new MemoryDatabase()
      const store = new MemoryLocalStore(database)
      const ada = await run('ada', {
        store,
        deviceName: 'Reminders',
        onError: (error) => errors.push(error),
      })
      const call = await callerFor(server.url, 'ada@demo.clinic')
      const { devices } = (await call('GET', '/api/auth/devices')).body
      const device = devices.find(({ name }: { name: string | null }) => name === 'Reminders')
      if (by === 'person') await call('DELETE', `/api/auth/devices/${device.id}`)
      else await server.auth.endSession(device.id, { actor: 'server', reason })
      // Its socket is closed, so it asks for another token.
      await expect.poll(() => errors).toEqual([expect.any(DeviceRemovedError)])
      expect(errors).toMatchObject([{ by, message: expect.stringContaining('removed') }])
      await expect(ada.send(CHAT, 'still here?')).rejects.toThrow()
      expect((await new MemoryLocalStore(database).load()).meta.me).toBe(null)
      const left = (await call('GET', '/api/auth/devices')).body.devices
      expect(left.map(({ name }: { name: string | null }) => name)).not.toContain('Reminders')
    }
  })

  it('is refused with a wrong password', async () => {
    await expect(run('ada', { password: 'wrong' })).rejects.toThrow(SignInError)
  })

  it('ends its session when it closes', async () => {
    const pat = await run('pat')
    programs.length = 0
    expect(await server.store.listRecords('session/')).toHaveLength(2)
    await pat.close()
    expect(await server.store.listRecords('session/')).toHaveLength(1)
  })
})

describe('a program with an API token', () => {
  const makeProgram = async (chats?: (groups: string[]) => string) => {
    const admin = await callerFor(server.url, 'admin@demo.clinic')
    const ada = await callerFor(server.url, 'ada@demo.clinic')
    const user = (await admin('POST', '/api/admin/programs', { name: 'Lab' })).body.id
    const groups: string[] = []
    for (const title of ['Ward 3', 'Ward 4']) {
      const group = { title, memberIds: ['pat-morgan', user] }
      groups.push((await ada('POST', '/api/chat/groups', group)).body.chat.id)
    }
    const input = { user, name: 'Bot', chats: chats?.(groups) ?? 'all' }
    const { body } = await admin('POST', '/api/admin/api-tokens', input)
    return { admin, ada, groups, id: body.id as string, apiToken: body.token as string }
  }
  const start = async (more: ConnectOptions): Promise<Program> => {
    const program = await connect(more)
    programs.push(program)
    return program
  }

  it('is a device of an account of its own, and answers where it is asked', async () => {
    const { ada, groups, apiToken } = await makeProgram()
    const { url } = server
    const lab = await start({ url, apiToken, onMessage: ({ reply }) => reply('Potassium 4.1') })
    expect(lab.me).toMatchObject({ name: 'Lab', role: 'service' })
    expect(lab.chats().map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Ward 3', 'Ward 4']),
    )
    const chat = `/api/chat/chats/${groups[0]}/messages`
    await ada('POST', chat, { text: 'Well?' })
    const last = async () => (await ada('GET', chat)).body.messages[0].text
    await expect.poll(last, { timeout: 15_000 }).toBe('Potassium 4.1')
  })

  it('sees the chats of its token alone, live, by the same client', async () => {
    const { ada, groups, apiToken } = await makeProgram(([first]) => first ?? '')
    const heard: string[] = []
    const { url } = server
    const lab = await start({
      url,
      apiToken,
      onMessage: ({ message }) => void heard.push(message.text),
    })
    expect(lab.chats().map(({ title }) => title)).toEqual(['Ward 3'])
    for (const group of [...groups].reverse()) {
      await ada('PATCH', `/api/chat/groups/${group}`, { title: `Renamed ${groups.indexOf(group)}` })
      await ada('POST', `/api/chat/chats/${group}/messages`, {
        text: `in ${groups.indexOf(group)}`,
      })
    }
    await expect.poll(() => heard, { timeout: 15_000 }).toEqual(['in 0'])
    expect(lab.chats().map(({ title }) => title)).toEqual(['Renamed 0'])
    await lab.send(groups[0] ?? '', 'Noted')
    await expect(lab.send(groups[1] ?? '', 'x')).rejects.toThrow()
    expect(heard).toEqual(['in 0'])
  })

  it('is told when its token ends, and cannot begin with one that has', async () => {
    const { admin, id, apiToken } = await makeProgram()
    const { url } = server
    const errors: unknown[] = []
    await start({ url, apiToken, onError: (error) => errors.push(error) })
    await admin('DELETE', `/api/admin/api-tokens/${id}`)
    await expect.poll(() => errors, { timeout: 15_000 }).toHaveLength(1)
    expect(errors[0]).toMatchObject({ name: 'DeviceRemovedError', by: 'clinic' })
    await expect(connect({ url, apiToken })).rejects.toThrow(SignInError)
  })

  it('ends nothing when it closes: the token is good for the next run', async () => {
    const { apiToken } = await makeProgram()
    for (let n = 0; n < 2; n++) await (await connect({ url: server.url, apiToken })).close()
  })
})
