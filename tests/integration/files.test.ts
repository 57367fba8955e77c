/** Files of chats, over HTTP: who may have them, what is refused, and that nothing is lost. */
import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunningServer } from '@wardline/sync-server/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CHAT, codeOf, FileCaller, sha256, textOf } from './files-kit.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

let dataDir = ''
let server: RunningServer
let pat: FileCaller
let ada: FileCaller
let ben: FileCaller
const letter = textOf(5_000)
const hash = sha256(letter)

const pathOf = (name: string) => join(dataDir, 'files', name.slice(0, 2), name.slice(2))
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
const restart = async (): Promise<void> => {
  const { port } = server
  await server.close()
  server = await start(dataDir, {}, port)
}
const audit = async (): Promise<string[]> => {
  const actions: string[] = []
  for await (const { text } of server.store.readAudit()) {
    const { action } = JSON.parse(text) as { action: string }
    if (action.startsWith('file.')) actions.push(action)
  }
  return actions
}

beforeEach(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  const url = () => server.url
  pat = await FileCaller.signIn(url, 'pat@demo.clinic')
  ada = await FileCaller.signIn(url, 'ada@demo.clinic')
  ben = await FileCaller.signIn(url, 'ben@demo.clinic')
})
afterEach(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

describe('an upload', () => {
  it('puts the file under its hash, for the members of the chat', async () => {
    const done = await pat.upload(letter, { name: 'Brief für Ada.txt' })
    expect(done.status).toBe(204)
    expect(sha256(await readFile(pathOf(hash)))).toBe(hash)
    expect(await readdir(join(dataDir, 'uploads'))).toEqual([])
    const got = await ada.file('GET', hash)
    expect(Buffer.from(await got.arrayBuffer()).equals(letter)).toBe(true)
    const headers = Object.fromEntries(got.headers)
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=31536000, immutable',
    })
    expect(headers['content-disposition']).toMatch(/^attachment; .*filename\*=UTF-8''Brief%20f/)
    expect(await audit()).toEqual(['file.uploaded'])
  })

  it('goes on after the line was cut and the server restarted', async () => {
    const large = textOf(3_000_000)
    const location = (await pat.create(large)).headers.get('Location') ?? ''
    const cut = pat.patchInPart(location, large, 1_200_000)
    const [upload = ''] = (await readdir(join(dataDir, 'uploads'))).filter(
      (n) => !n.endsWith('.json'),
    )
    await expect
      .poll(() => readFile(join(dataDir, 'uploads', upload)).then((b) => b.length))
      .toBe(1_200_000)
    cut()
    await restart()
    const offset = await pat.offset(location)
    expect(offset).toBe(1_200_000)
    expect((await pat.patch(location, 7, large.subarray(7))).status).toBe(409)
    expect((await pat.patch(location, offset, large.subarray(offset))).status).toBe(204)
    const got = await ada.file('GET', sha256(large))
    expect(Buffer.from(await got.arrayBuffer()).equals(large)).toBe(true)
  })

  it('is completed by asking, when the server ended right after the last byte', async () => {
    const created = await pat.create(letter)
    const location = created.headers.get('Location') ?? ''
    const name = location.split('/').at(-1) ?? ''
    await (await import('node:fs/promises')).writeFile(join(dataDir, 'uploads', name), letter)
    expect((await ada.file('GET', hash)).status).toBe(404)
    expect(await pat.offset(location)).toBe(letter.length)
    expect((await ada.file('GET', hash)).status).toBe(200)
    expect(await pat.offset(location)).toBe(-404)
    expect((await pat.file('PUT', hash)).status).toBe(204)
  })

  it('is refused when the bytes are others than was said', async () => {
    const refused = await pat.upload(letter, { hash: sha256(textOf(9)) })
    expect([refused.status, await codeOf(refused)]).toEqual([422, 'file-damaged'])
    expect((await ada.file('GET', sha256(textOf(9)))).status).toBe(404)
    expect(await readdir(join(dataDir, 'uploads'))).toEqual([])
    expect(await audit()).toEqual([])
  })

  it.each([
    ['HTML', '<!doctype html><script>alert(1)</script>', 'text/plain'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
    ['a PDF that says it is an image', '%PDF-1.7', 'image/png'],
    ['a program', '\x7fELF\0\0', 'application/pdf'],
    ['nothing', '', 'text/plain'],
  ])('of %s is refused', async (_name, text, type) => {
    const bytes = new TextEncoder().encode(text)
    const created = await pat.create(bytes, { type })
    const refused =
      bytes.length === 0
        ? created
        : await pat.patch(created.headers.get('Location') ?? '', 0, bytes)
    expect([refused.status, await codeOf(refused)]).toEqual([415, 'file-type-refused'])
    expect(await exists(pathOf(sha256(bytes)))).toBe(false)
  })

  it('of more than 100 MB, or more than was said, is refused', async () => {
    const refused = await pat.create(letter, { size: 100 * 1024 * 1024 + 1 })
    expect([refused.status, await codeOf(refused)]).toEqual([413, 'file-too-large'])
    const small = await pat.create(letter, { size: 10 })
    expect((await pat.patch(small.headers.get('Location') ?? '', 0, letter)).status).toBe(413)
  })

  it('is refused while too many are not finished', async () => {
    const size = 100 * 1024 * 1024
    for (let n = 0; n < 4; n++) expect((await pat.create(letter, { size })).status).toBe(201)
    const refused = await pat.create(letter)
    expect([refused.status, await codeOf(refused)]).toEqual([429, 'too-many-uploads'])
    expect((await ada.create(letter)).status).toBe(201)
  })

  it('is refused also when too many are begun at once', async () => {
    const size = 100 * 1024 * 1024
    const all = await Promise.all(Array.from({ length: 12 }, () => pat.create(letter, { size })))
    expect(all.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(4).fill(201),
      ...Array<number>(8).fill(429),
    ])
  })

  it('brings no bytes with its beginning', async () => {
    const metadata = Object.entries({ chat: CHAT, hash, name: 'letter.txt', type: 'text/plain' })
      .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
      .join(',')
    const headers = {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': String(letter.length),
      'Upload-Metadata': metadata,
      'Content-Type': 'application/offset+octet-stream',
    }
    const body = letter as BodyInit
    const refused = await pat.fetch('POST', '/api/files/uploads', { headers, body })
    expect([refused.status, await codeOf(refused)]).toEqual([400, 'bad-request'])
  })

  it('needs a token, a chat of one’s own, and what the protocol asks for', async () => {
    expect((await new FileCaller(pat.url, 'x').create(letter)).status).toBe(401)
    expect((await ben.create(letter)).status).toBe(404)
    expect((await pat.create(letter, { hash: 'x' })).status).toBe(400)
    expect((await pat.create(letter, { chat: 'x' })).status).toBe(400)
    expect((await pat.create(letter, { size: -1 })).status).toBe(400)
    expect((await pat.fetch('POST', '/api/files/uploads')).status).toBe(400)
    expect((await pat.fetch('GET', '/api/files/uploads')).status).toBe(405)
    const foreign = { Origin: 'http://evil.example', 'Tus-Resumable': '1.0.0' }
    expect((await pat.fetch('POST', '/api/files/uploads', { headers: foreign })).status).toBe(403)
    expect(await readdir(join(dataDir, 'uploads'))).toEqual([])
  })

  it('is not there for others, also not for the other member', async () => {
    const location = (await pat.create(letter)).headers.get('Location') ?? ''
    for (const other of [ada, ben]) {
      expect(await other.offset(location)).toBe(-404)
      expect((await other.patch(location, 0, letter)).status).toBe(404)
      const headers = { 'Tus-Resumable': '1.0.0' }
      expect((await other.fetch('DELETE', location, { headers })).status).toBe(404)
    }
    expect(await pat.offset(location)).toBe(0)
    expect((await pat.fetch('PATCH', '/api/files/uploads/..%2f..%2fsecret')).status).toBe(404)
  })
})

describe('a file', () => {
  it('comes in ranges', async () => {
    await pat.upload(letter)
    const range = await ada.file('GET', hash, CHAT, { headers: { Range: 'bytes=1000-1999' } })
    expect([range.status, range.headers.get('Content-Range')]).toEqual([
      206,
      'bytes 1000-1999/5000',
    ])
    expect(Buffer.from(await range.arrayBuffer()).equals(letter.subarray(1000, 2000))).toBe(true)
    const outside = await ada.file('GET', hash, CHAT, { headers: { Range: 'bytes=9000-' } })
    expect([outside.status, await codeOf(outside)]).toEqual([416, 'range-not-there'])
    expect(outside.headers.get('Content-Disposition')).toBeNull()
  })

  it('is not there for who is not in the chat, whatever they try', async () => {
    await pat.upload(letter)
    for (const chat of [CHAT, 'dm.pat-morgan.dr-ben', 'g.0123456789abcdef'])
      for (const method of ['GET', 'PUT', 'DELETE'])
        expect((await ben.file(method, hash, chat)).status).toBe(404)
    expect((await pat.file('GET', hash, 'dm.pat-morgan.dr-ben')).status).toBe(404)
    expect((await pat.file('GET', 'x'.repeat(64))).status).toBe(404)
    expect((await fetch(`${server.url}/api/files/${CHAT}/${hash}`)).status).toBe(401)
    expect((await ada.file('GET', hash)).status).toBe(200)
  })

  it('is deleted by who sent it, for good', async () => {
    await pat.upload(letter)
    expect((await ada.file('DELETE', hash)).status).toBe(404)
    expect((await pat.file('DELETE', hash)).status).toBe(204)
    expect((await pat.file('DELETE', hash)).status).toBe(404)
    expect((await ada.file('GET', hash)).status).toBe(404)
    expect(await exists(pathOf(hash))).toBe(false)
    expect((await pat.file('PUT', hash)).status).toBe(404)
    await restart()
    expect((await ada.file('GET', hash)).status).toBe(404)
    expect(await audit()).toEqual(['file.uploaded', 'file.released', 'file.deleted'])
  })

  it('stays while another message, of another member or another chat, has it', async () => {
    const other = 'dm.pat-morgan.dr-ben'
    await pat.upload(letter)
    expect((await ada.file('PUT', hash)).status).toBe(204)
    await pat.upload(letter, { chat: other })
    expect((await pat.file('DELETE', hash)).status).toBe(204)
    expect((await pat.file('GET', hash)).status).toBe(200)
    expect((await ada.file('DELETE', hash)).status).toBe(204)
    expect((await pat.file('GET', hash)).status).toBe(404)
    expect((await ben.file('GET', hash, other)).status).toBe(200)
    expect((await pat.file('DELETE', hash, other)).status).toBe(204)
    expect(await exists(pathOf(hash))).toBe(false)
  })

  it('taken up and let go at the same time is there or not, and never half', async () => {
    await pat.upload(letter)
    for (let round = 0; round < 10; round++) {
      const [, claimed] = await Promise.all([pat.file('DELETE', hash), ada.file('PUT', hash)])
      const got = await ada.file('GET', hash)
      expect(got.status).toBe(claimed.ok ? 200 : 404)
      expect(await exists(pathOf(hash))).toBe(claimed.ok)
      await ada.file('DELETE', hash)
      await pat.upload(letter)
    }
  })
})
