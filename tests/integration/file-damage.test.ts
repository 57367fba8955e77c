/** Bytes of files that are not what they were: never sent as good, told, and given back. */
import { readdir, readFile, truncate, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningServer } from '@wardline/sync-server/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CHAT, codeOf, FileCaller, metadataOf, sha256, textOf } from './files-kit.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

let dataDir = ''
let server: RunningServer
let pat: FileCaller
let ada: FileCaller
let ben: FileCaller
let log: string[]
const letter = textOf(50_000)
const hash = sha256(letter)
const path = () => join(dataDir, 'files', hash.slice(0, 2), hash.slice(2))

const open = async (): Promise<void> => {
  const note = (severity: string, event: string, fields?: object): void => {
    log.push(`${severity} ${event} ${JSON.stringify(fields)}`)
  }
  server = await start(dataDir, { log: note })
}
beforeEach(async () => {
  log = []
  dataDir = await makeDataDir()
  await open()
  const url = () => server.url
  pat = await FileCaller.signIn(url, 'pat@demo.clinic')
  ada = await FileCaller.signIn(url, 'ada@demo.clinic')
  ben = await FileCaller.signIn(url, 'ben@demo.clinic')
  expect((await pat.upload(letter)).status).toBe(204)
})
afterEach(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

const flip = async (at: number): Promise<void> => {
  const bytes = await readFile(path())
  bytes[at] = (bytes[at] ?? 0) ^ 4
  await writeFile(path(), bytes)
}
const damages: [string, () => Promise<void>][] = [
  ['with a flipped byte', () => flip(31_000)],
  ['with its last byte flipped', () => flip(49_999)],
  ['cut off', () => truncate(path(), 20_000)],
  ['emptied', () => truncate(path(), 0)],
  ['grown', async () => writeFile(path(), 'more', { flag: 'a' })],
  ['of zeros', async () => writeFile(path(), new Uint8Array(50_000))],
  ['that is gone', () => unlink(path())],
]

const lostTo = async (caller: FileCaller): Promise<unknown> => {
  const response = await caller.fetch('GET', '/api/files/lost')
  return ((await response.json()) as { files: unknown }).files
}

describe.each(damages)('a file %s', (_, damage) => {
  it('is not sent, in whole or in part, and is told to those who may have it', async () => {
    expect((await ada.file('GET', hash)).status).toBe(200)
    await damage()
    for (const init of [{}, { headers: { Range: 'bytes=0-99' } }]) {
      const response = await ada.file('GET', hash, CHAT, init)
      expect([response.status, await codeOf(response)]).toEqual([404, 'file-lost'])
    }
    expect((await ada.file('HEAD', hash)).status).toBe(404)
    const lost = { chat: CHAT, hash, name: 'letter.txt', type: 'text/plain', size: 50_000 }
    expect(await lostTo(pat)).toEqual([lost])
    expect(await lostTo(ada)).toEqual([lost])
    expect(await lostTo(ben)).toEqual([])
    expect(log.filter((line) => /^error file\.(damaged|missing)/.test(line))).toHaveLength(1)
  })

  it('is mended by who sends it again, and by a reader who has it', async () => {
    await damage()
    expect((await pat.file('PUT', hash)).status).toBe(404)
    expect((await pat.upload(letter)).status).toBe(204)
    expect(sha256(new Uint8Array(await (await ada.file('GET', hash)).arrayBuffer()))).toBe(hash)
    await damage()
    expect((await ada.file('GET', hash)).status).toBe(404)
    expect((await returned(ada)).status).toBe(204)
    expect(sha256(new Uint8Array(await (await pat.file('GET', hash)).arrayBuffer()))).toBe(hash)
    expect(await lostTo(pat)).toEqual([])
  })

  it('is found after a start without anybody asking for it', async () => {
    await server.close()
    await damage()
    await open()
    await vi.waitFor(async () => expect(await lostTo(pat)).toHaveLength(1), { timeout: 20_000 })
  })
})

const returned = async (caller: FileCaller, bytes = letter, chat = CHAT): Promise<Response> => {
  const created = await caller.fetch('POST', '/api/files/uploads', {
    headers: {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': String(bytes.length),
      'Upload-Metadata': `${metadataOf({ chat, hash: sha256(bytes) })},returns ${btoa('1')}`,
    },
  })
  if (!created.ok) return created
  return caller.patch(created.headers.get('Location') ?? '', 0, bytes)
}

it('set aside is kept, and goes with the file; who gave it back does not hold it', async () => {
  await flip(7)
  expect((await ada.file('GET', hash)).status).toBe(404)
  const aside = () => readdir(join(dataDir, 'files-damaged'))
  expect((await aside()).map((name) => name.split('.')[0])).toEqual([hash])
  expect((await returned(ada)).status).toBe(204)
  expect((await ada.file('DELETE', hash)).status).toBe(404)
  expect((await pat.file('DELETE', hash)).status).toBe(204)
  expect((await pat.file('GET', hash)).status).toBe(404)
  expect(await aside()).toEqual([])
})

it('is given back only where the chat has it, with its own bytes', async () => {
  const other = textOf(3_000)
  const unknown = await returned(pat, other)
  expect([unknown.status, await codeOf(unknown)]).toEqual([404, 'not-found'])
  expect((await returned(ben)).status).toBe(404)
  await flip(7)
  const created = await ada.create(letter)
  const forged = Uint8Array.from(letter)
  forged[3] = 65
  const refused = await ada.patch(created.headers.get('Location') ?? '', 0, forged)
  expect([refused.status, await codeOf(refused)]).toEqual([422, 'file-damaged'])
  expect((await ada.file('GET', hash)).status).toBe(404)
})
