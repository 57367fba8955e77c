/** Files of chats, over HTTP: who may have them, what is refused, and that nothing is lost. */
import { access, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChatId } from '@wardline/core/base/ids'
import { createFiles } from '@wardline/sync-server/files/file-service'
import type { RunningServer } from '@wardline/sync-server/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ApiContract } from '../support/api-contract.ts'
import { CHAT, codeOf, FileCaller, metadataOf, sha256, textOf } from './files-kit.ts'
import { makeDataDir, removeDataDir, start } from './sync-kit.ts'

let dataDir = ''
let server: RunningServer
let pat: FileCaller
let ada: FileCaller
let ben: FileCaller
let log: string[]
const contract = new ApiContract()
const letter = textOf(5_000)
const hash = sha256(letter)

const pathOf = (name: string) => join(dataDir, 'files', name.slice(0, 2), name.slice(2))
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )
const open = async (port?: number): Promise<void> => {
  const note = (severity: string, event: string, fields?: object): void => {
    log.push(`${severity} ${event} ${JSON.stringify(fields)}`)
  }
  server = await start(dataDir, { log: note }, port)
}
const restart = async (): Promise<void> => {
  const { port } = server
  await server.close()
  await open(port)
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
  log = []
  dataDir = await makeDataDir()
  await open()
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
    await expect.poll(audit).toEqual(['file.uploaded', 'file.read'])
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
    const wrong = await pat.patch(location, 7, large.subarray(7))
    expect([wrong.status, await codeOf(wrong)]).toEqual([409, 'upload-offset'])
    expect((await pat.patch(location, offset, large.subarray(offset))).status).toBe(204)
    const got = await ada.file('GET', sha256(large))
    expect(Buffer.from(await got.arrayBuffer()).equals(large)).toBe(true)
  })

  it('is completed by asking, when the server ended right after the last byte', async () => {
    const created = await pat.create(letter)
    const location = created.headers.get('Location') ?? ''
    const name = location.split('/').at(-1) ?? ''
    await writeFile(join(dataDir, 'uploads', name), letter)
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
    const more = await pat.patch(small.headers.get('Location') ?? '', 0, letter)
    expect([more.status, await codeOf(more)]).toEqual([413, 'file-too-large'])
  })

  it('is refused in the words of everybody else, whatever is wrong with it', async () => {
    const tus = { 'Tus-Resumable': '1.0.0' }
    const octets = { ...tus, 'Content-Type': 'application/offset+octet-stream' }
    const begin = { ...tus, 'Upload-Length': '5000', 'Upload-Metadata': metadataOf() }
    const created = await pat.create(letter)
    const location = created.headers.get('Location') ?? ''
    expect(created.headers.get('Tus-Resumable')).toBe('1.0.0')
    const unknown = `${location.slice(0, -4)}0000`
    const start = '/api/files/uploads'
    const seq = server.store.lastSeq()
    const attempts: [string, string, Record<string, string>, number, string][] = [
      ['POST', start, {}, 412, 'upload-version'],
      ['POST', start, { ...begin, 'Tus-Resumable': '0.2.2' }, 412, 'upload-version'],
      ['POST', start, { ...begin, 'Upload-Concat': 'partial' }, 400, 'bad-request'],
      ['POST', start, { ...begin, 'Upload-Concat': `final;${location}` }, 400, 'bad-request'],
      ['POST', start, { ...begin, 'Upload-Defer-Length': '1' }, 400, 'bad-request'],
      ['POST', start, { ...begin, 'Upload-Length': '5e3' }, 400, 'bad-request'],
      ['POST', start, { ...begin, 'Upload-Length': '' }, 400, 'bad-request'],
      ['POST', start, { ...begin, 'Upload-Metadata': 'chat !' }, 400, 'bad-request'],
      ['POST', start, { ...begin, 'Upload-Metadata': '' }, 400, 'bad-request'],
      ['PATCH', location, {}, 412, 'upload-version'],
      ['PATCH', location, octets, 400, 'bad-request'],
      ['PATCH', location, { ...octets, 'Upload-Offset': '-1' }, 400, 'bad-request'],
      ['PATCH', location, { ...octets, 'Upload-Offset': '9' }, 409, 'upload-offset'],
      ['PATCH', location, { ...tus, 'Upload-Offset': '0' }, 400, 'bad-request'],
      [
        'PATCH',
        location,
        { ...octets, 'Upload-Offset': '0', 'Upload-Length': '9' },
        400,
        'bad-request',
      ],
      ['PATCH', unknown, { ...octets, 'Upload-Offset': '0' }, 404, 'not-found'],
      ['DELETE', location, {}, 412, 'upload-version'],
      ['DELETE', unknown, tus, 404, 'not-found'],
      ['HEAD', location, {}, 412, ''],
      ['HEAD', unknown, tus, 404, ''],
    ]
    for (const [method, path, headers, status, code] of attempts) {
      const answer = await pat.fetch(method, path, { headers })
      const body = await answer.text()
      const type = answer.headers.get('Content-Type')
      expect([method, headers, answer.status, type?.split(';')[0]]).toEqual([
        method,
        headers,
        status,
        'application/json',
      ])
      if (method !== 'HEAD') expect(JSON.parse(body)).toMatchObject({ error: { code } })
      expect(answer.headers.get('Tus-Resumable')).toBe('1.0.0')
      const seen = { method, path, status, headers: answer.headers, body: body && JSON.parse(body) }
      expect(contract.problem(seen)).toBeUndefined()
    }
    expect(server.store.lastSeq()).toBe(seq)
    expect(log.filter((line) => line.startsWith('error'))).toEqual([])
    expect(await pat.offset(location)).toBe(0)
    expect((await pat.patch(location, 0, letter)).status).toBe(204)
  })

  it('expires after a day, when it was not finished', async () => {
    const young = (await pat.create(letter)).headers.get('Location') ?? ''
    const old = (await pat.create(textOf(3_000))).headers.get('Location') ?? ''
    expect((await pat.patch(old, 0, letter.subarray(0, 1_000))).status).toBe(204)
    const path = join(dataDir, 'uploads', `${old.split('/').at(-1)}.json`)
    const kept = JSON.parse(await readFile(path, 'utf8')) as { creation_date: string }
    const began = new Date(Date.parse(kept.creation_date) - 24 * 3_600_000).toISOString()
    await writeFile(path, JSON.stringify({ ...kept, creation_date: began }))
    expect(await pat.offset(old)).toBe(-404)
    const late = await pat.patch(old, 1_000, letter.subarray(1_000, 3_000))
    expect([late.status, await codeOf(late)]).toEqual([404, 'not-found'])
    const { store, sync } = server
    const housekeeping = createFiles({
      dataDir,
      store,
      sync,
      log: () => {},
      inUse: async (_chat, hashes) => hashes,
    })
    await housekeeping.clean()
    await housekeeping.stop()
    expect(await readdir(join(dataDir, 'uploads'))).toEqual([
      young.split('/').at(-1),
      `${young.split('/').at(-1)}.json`,
    ])
    expect(await pat.offset(young)).toBe(0)
  })

  it('is complete, or not, for everybody who asks at the end', async () => {
    const large = textOf(8_000_000)
    const location = (await pat.create(large)).headers.get('Location') ?? ''
    const patched = pat.patch(location, 0, large)
    // Asking may take the place of the request with the bytes, but never the file.
    const asked = await Promise.all(Array.from({ length: 20 }, () => pat.offset(location)))
    let { status } = await patched
    for (let offset = asked.at(-1) ?? 0; status === 409; ) {
      offset = await pat.offset(location)
      status = (await pat.patch(location, offset, large.subarray(offset))).status
    }
    expect(status).toBe(204)
    expect(log.filter((line) => line.startsWith('error'))).toEqual([])
    const got = await ada.file('GET', sha256(large))
    expect(Buffer.from(await got.arrayBuffer()).equals(large)).toBe(true)
    expect(await readdir(join(dataDir, 'uploads'))).toEqual([])
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
    const headers = {
      'Tus-Resumable': '1.0.0',
      'Upload-Length': String(letter.length),
      'Upload-Metadata': metadataOf(),
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

  it('begins no chat by being asked for', async () => {
    const seq = server.store.lastSeq()
    for (const method of ['PUT', 'GET', 'DELETE'])
      expect((await pat.file(method, hash)).status).toBe(404)
    for (const declared of [{ size: -1 }, { type: 'x'.repeat(200) }, { name: '' }])
      expect((await pat.create(letter, declared)).status).toBe(400)
    const size = 100 * 1024 * 1024
    const other = 'dm.pat-morgan.dr-ben'
    for (let n = 0; n < 4; n++) await pat.create(letter, { size, chat: other })
    const begun = server.store.lastSeq()
    expect((await pat.create(letter)).status).toBe(429)
    expect(server.store.lastSeq()).toBe(begun)
    expect(begun).toBe(seq + 1)
    expect(await server.sync.directory.chatOf(CHAT as ChatId)).toBeUndefined()
  })

  it('is asked for, and let go, only so often', async () => {
    const { port } = server
    await server.close()
    server = await start(dataDir, { requestRate: { perSecond: 0.01, burst: 2.5 } }, port)
    expect((await pat.upload(letter)).status).toBe(204)
    expect((await pat.file('DELETE', hash)).status).toBe(204)
    expect((await pat.file('PUT', hash)).status).toBe(404)
    for (const method of ['PUT', 'DELETE']) {
      const refused = await pat.file(method, hash)
      expect([refused.status, await codeOf(refused)]).toEqual([429, 'too-many-requests'])
      expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
    }
    expect((await pat.create(letter)).status).toBe(429)
    expect((await pat.file('GET', hash)).status).toBe(404)
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
