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
