/** What examples/README.md says of its programs. */
import { join } from 'node:path'
import type { RunningServer } from '@wardline/sync-server/server'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Example, examples } from '../support/example.ts'
import { callerFor } from '../support/http-caller.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

let dataDir: string
let server: RunningServer
const running: Example[] = []

beforeEach(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
})
afterEach(async () => {
  for (const example of running.splice(0)) await example.end()
  await server.close()
  await removeDataDir(dataDir)
})

const run = (name: string, env?: Record<string, string>): Example => {
  const example = new Example(join(examples, name), server.url, env)
  running.push(example)
  return example
}

it('a patient asks over HTTP; a program of the doctor follows the chat, and answers', async () => {
  expect(await run('http.mjs').lines()).toEqual(['Pat Morgan: May I come at ten?'])
  const program = run('program.mjs')
  await expect
    .poll(() => program.output, { timeout: 15_000 })
    .toContain('The surgery opens at nine. stored\n')
  const pat = await callerFor(server.url, 'pat@demo.clinic')
  const texts = async () => {
    const { body } = await pat('GET', '/api/chat/chats/dm.pat-morgan.dr-ada/messages')
    return body.messages.map(({ text }: { text: string }) => text)
  }
  await expect.poll(texts, { timeout: 15_000 }).toContain('I will look into it.')
  expect(await run('http.mjs').lines()).toEqual(
    expect.arrayContaining([
      'Dr Ada Osei: The surgery opens at nine.',
      'Dr Ada Osei: I will look into it.',
    ]),
  )
})

it('a Yjs client of the patient, with stock providers, and a program of the doctor talk', async () => {
  const yjs = run('yjs.mjs')
  await expect.poll(() => yjs.output, { timeout: 15_000 }).toBe('Hello from a Yjs client\n')
  const pat = await callerFor(server.url, 'pat@demo.clinic')
  const chat = '/api/chat/chats/dm.pat-morgan.dr-ada/messages'
  const stored = async () => (await pat('GET', chat)).body.messages?.length
  await expect.poll(stored, { timeout: 15_000 }).toBe(1)
  run('program.mjs')
  await expect.poll(() => yjs.output, { timeout: 15_000 }).toContain('The surgery opens at nine.\n')
})

it('a program with an account of its own follows a group, and answers what it knows', async () => {
  const admin = await callerFor(server.url, 'admin@demo.clinic')
  const ada = await callerFor(server.url, 'ada@demo.clinic')
  const made = await admin('POST', '/api/admin/programs', { name: 'Front desk' })
  const user = made.body.id
  const group = { title: 'Knee group', memberIds: ['pat-morgan', user] }
  const { id } = (await ada('POST', '/api/chat/groups', group)).body.chat
  const token = await admin('POST', '/api/admin/api-tokens', { user, name: 'Bot', chats: 'all' })
  const bot = run('bot.mjs', { WARDLINE_API_TOKEN: token.body.token })
  await expect.poll(() => bot.output, { timeout: 15_000 }).toBe('Front desk follows Knee group\n')
  const pat = await callerFor(server.url, 'pat@demo.clinic')
  const chat = `/api/chat/chats/${id}/messages`
  await pat('POST', chat, { text: 'What are your opening hours?' })
  const last = async () => (await pat('GET', chat)).body.messages[0]
  await expect
    .poll(last, { timeout: 15_000 })
    .toMatchObject({ text: 'Monday to Friday, eight to five.', senderId: user })
})
