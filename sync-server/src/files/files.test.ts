import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Directory } from '../directory/directory.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { ada, chat, pat } from '../sync/sync-test-kit.ts'
import { BlobStore } from './blob-store.ts'
import { FileGuard } from './file-guard.ts'
import { REFERENCE_AGE, UNREFERENCED_LIFETIME } from './file-limits.ts'
import { fileKey } from './file-record.ts'
import { Files, type FilesOptions } from './files.ts'

const text = 'A letter to the doctor.\n'
const hash = createHash('sha256').update(text).digest('hex')

let folder: string
let store: MemoryStore
let files: Files
let inUse: boolean
let looks: number
let quota: number
let directory: Directory
let now: number
let blobs: BlobStore

const options = (): FilesOptions => ({
  store,
  directory,
  quotaOf: async () => quota,
  blobs,
  guard: new FileGuard({ blobs, known: async () => [], log: () => {}, wait: async () => {} }),
  inUse: async (_chat, hashes) => {
    looks++
    return inUse ? hashes : new Set()
  },
  now: () => now,
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-files-'))
  store = new MemoryStore()
  inUse = true
  looks = 0
  directory = new Directory({ store })
  for (const [id, role] of [
    [pat, 'patient'],
    [ada, 'doctor'],
  ] as const)
    await directory.createUser({
      id,
      roles: [role],
      name: id,
      email: `${id}@example.org`,
      passwordHash: '$argon2id$none',
    })
  quota = 1_000_000_000
  blobs = new BlobStore(join(folder, 'files'))
  now = Date.now()
  files = new Files(options())
  const path = join(folder, 'upload')
  await writeFile(path, text)
  const said = { chat, hash, name: 'letter.txt', type: 'text/plain', size: text.length, owner: pat }
  expect(await files.complete(path, said)).toMatchObject({ ok: true })
})
afterEach(() => rm(folder, { recursive: true }))

it('finds at any time later what was let go and is not in use any more', async () => {
  expect(await files.release(pat, chat, hash)).toMatchObject({ ok: true })
  await files.dropLeft()
  expect(await files.find(ada, chat, hash)).toMatchObject({ ok: true })
  inUse = false
  await files.dropLeft()
  expect(await files.find(ada, chat, hash)).toMatchObject({ ok: false })
  expect(await store.listRecords('file')).toEqual([])
})

it('keeps bytes that are deleted while somebody copies, and no longer', async () => {
  const path = blobs.path(hash)
  const [one, other] = [files.keepBytes(), files.keepBytes()]
  inUse = false
  await files.release(pat, chat, hash)
  expect(await store.listRecords('file')).toEqual([])
  expect(await readFile(path, 'utf8')).toBe(text)
  await one()
  expect(await readFile(path, 'utf8')).toBe(text)
  await Promise.all([other(), other()])
  await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' })
})

it('keeps what is sent again while its bytes were to go', async () => {
  const release = files.keepBytes()
  inUse = false
  await files.release(pat, chat, hash)
  inUse = true
  const again = join(folder, 'again')
  await writeFile(again, text)
  const said = { chat, hash, name: 'letter.txt', type: 'text/plain', size: text.length, owner: pat }
  expect(await files.complete(again, said)).toMatchObject({ ok: true })
  await release()
  expect(await files.find(pat, chat, hash)).toMatchObject({ ok: true })
})

it('looks once for all that is taken back meanwhile, and only after files that were let go', async () => {
  await files.dropLeft(chat)
  expect(looks).toBe(0)
  await files.release(pat, chat, hash)
  looks = 0
  await Promise.all(Array.from({ length: 50 }, () => files.dropLeft(chat)))
  expect(looks).toBe(1)
  await files.claim(ada, chat, hash)
  inUse = false
  await files.dropLeft(chat)
  expect(looks).toBe(1)
  expect(await files.find(pat, chat, hash)).toMatchObject({ ok: true })
})

it('takes no picture that would fill the memory of whoever looks at it', async () => {
  const pictures = (width: number, height: number) => {
    const bytes = Buffer.alloc(33)
    bytes.write('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1')
    bytes.writeUInt32BE(width, 16)
    bytes.writeUInt32BE(height, 20)
    return bytes
  }
  const send = async (bytes: Buffer, type: string) => {
    const path = join(folder, 'picture')
    await writeFile(path, bytes)
    const hash = createHash('sha256').update(bytes).digest('hex')
    return files.complete(path, { chat, hash, name: 'a', type, size: bytes.length, owner: pat })
  }
  expect(await send(pictures(8_000, 6_000), 'image/png')).toMatchObject({ ok: true })
  const refused = { ok: false, error: { code: 'file-type-refused' } }
  expect(await send(pictures(30_000, 30_000), 'image/png')).toMatchObject(refused)
  // A JPEG that says it only after more than anybody writes before.
  const hidden = Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...Array.from({ length: 70 }, () =>
      Buffer.concat([Buffer.from([0xff, 0xe1, 0xff, 0xff]), Buffer.alloc(65_533)]),
    ),
  ])
  expect(await send(hidden, 'image/jpeg')).toMatchObject(refused)
})

it('keeps the name of a file that somebody else brings again', async () => {
  const path = join(folder, 'again')
  await writeFile(path, text)
  const said = { chat, hash, name: 'virus.exe', type: 'text/plain', size: text.length, owner: ada }
  expect(await files.complete(path, said)).toMatchObject({ ok: true })
  expect(await files.find(pat, chat, hash)).toMatchObject({
    value: { record: { name: 'letter.txt', owners: [pat, ada] } },
  })
})

describe('what a person keeps', () => {
  const MiB = 1024 * 1024
  /** A record of a file without its bytes, as if it had been brought. */
  const record = async (name: string, size: number, over: object = {}) => {
    const hash = createHash('sha256').update(name).digest('hex')
    const value = { name, type: 'text/plain', size, at: now, owners: [pat], by: pat, ...over }
    await store.commit({ records: [{ key: fileKey(chat, hash), value }] })
    return hash
  }

  it('has an end over all chats, which letting go alone does not move while a message has it', async () => {
    quota = 100 * MiB
    const hash = await record('a', 60 * MiB)
    expect(await files.hasRoom(pat, 39 * MiB)).toBe(true)
    expect(await files.hasRoom(pat, 40 * MiB)).toBe(false)
    await files.release(pat, chat, hash)
    expect(await files.hasRoom(pat, 40 * MiB)).toBe(false)
    inUse = false
    await files.dropLeft(chat)
    expect(await files.hasRoom(pat, 99 * MiB)).toBe(true)
    // It is known after a restart as well.
    expect(await files.hasRoom(ada, 100 * MiB)).toBe(true)
  })

  it('counts what is claimed of others', async () => {
    quota = 50 * MiB
    const hash = await record('a', 60 * MiB)
    expect(await files.claim(ada, chat, hash)).toMatchObject({ error: { code: 'quota-full' } })
    // Its own is theirs already, whatever it weighs.
    expect(await files.claim(pat, chat, hash)).toMatchObject({ error: { code: 'not-found' } })
  })

  it('has much less room for what no message has', async () => {
    inUse = false
    for (let i = 0; i < 5; i++) {
      expect(await files.hasRoom(pat, 100 * MiB)).toBe(true)
      await record(`file ${i}`, 100 * MiB)
      files = new Files(options())
    }
    expect(await files.hasRoom(pat, 100 * MiB)).toBe(false)
    // Messages that have them are looked for before anybody is refused.
    inUse = true
    expect(await files.hasRoom(pat, 100 * MiB)).toBe(true)
    looks = 0
    expect(await files.hasRoom(pat, 100 * MiB)).toBe(true)
    expect(looks).toBe(0)
  })

  it('loses what no message came for in time, and nothing else', async () => {
    const has = async (hash: string) => (await store.getRecord(fileKey(chat, hash))) !== undefined
    const lost = await record('lost', 5)
    inUse = false
    now += REFERENCE_AGE
    await files.dropUnreferenced()
    expect(await has(lost)).toBe(true)
    now += UNREFERENCED_LIFETIME
    const young = await record('young', 5)
    await files.dropUnreferenced()
    expect(await has(lost)).toBe(false)
    expect(await has(hash)).toBe(false)
    expect(await has(young)).toBe(true)
    inUse = true
    now += UNREFERENCED_LIFETIME
    await files.dropUnreferenced()
    inUse = false
    now += UNREFERENCED_LIFETIME
    await files.dropUnreferenced()
    expect(await has(young)).toBe(true)
  })
})
