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

const run = (name: string): Example => {
  const example = new Example(join(examples, name), server.url)
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
