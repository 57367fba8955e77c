import { expect, it } from 'vitest'
import { parseChatId } from '../../base/ids.ts'
import { MemoryDatabase, MemoryLocalStore } from '../store/memory-local-store.ts'
import type { FileBytes } from '../store/outgoing-store.ts'
import { FileCache } from './file-cache.ts'
import { FileReturns } from './file-returns.ts'
import type { DownloadOutcome, FileTransfer, LostFile, UploadJob } from './file-transfer.ts'

const chat = parseChatId('dm.pat-morgan.dr-ada')!
const bytesOf = (text: string): FileBytes => ({ size: text.length, text }) as unknown as FileBytes
/** Bytes are named by their text. */
const hashOf = async (bytes: FileBytes): Promise<string> =>
  (bytes as unknown as { text: string }).text
const lostFile = (hash: string): LostFile => ({
  chat,
  hash,
  name: 'n',
  type: 'text/plain',
  size: 1,
})

const device = async () => {
  const store = new MemoryLocalStore(new MemoryDatabase())
  const server = { lost: [] as LostFile[], answer: { kind: 'gone' } as DownloadOutcome, asked: 0 }
  const uploads: UploadJob[] = []
  let now = 0
  const due: (() => void)[] = []
  const timers = {
    now: () => now,
    elapsed: () => now,
    after: (_ms: number, run: () => void) => {
      due.push(run)
      return () => {}
    },
  }
  const transfer = {
    hashOf,
    lost: async () => {
      server.asked++
      return server.lost
    },
    upload: async (job: UploadJob) => {
      uploads.push(job)
      return { kind: 'done' }
    },
    download: async () => server.answer,
  } as unknown as FileTransfer
  const returns = new FileReturns({ store, transfer, timers, isConnected: () => true })
  const fileCache = new FileCache(store, transfer, timers)
  return { store, server, uploads, returns, fileCache, due, pass: (ms: number) => (now += ms) }
}

it('gives back what the server has lost and it has, whole, and asks now and then', async () => {
  const { store, server, uploads, returns, due, pass } = await device()
  await store.putFile(chat, { hash: 'here', bytes: bytesOf('here') }, 0, 1_000)
  await store.putFile(chat, { hash: 'bad', bytes: bytesOf('other') }, 0, 1_000)
  server.lost = ['here', 'bad', 'nowhere'].map(lostFile)
  returns.look()
  await returns.idle()
  expect(uploads).toMatchObject([{ chat, attachment: { hash: 'here' }, returns: true }])
  returns.look()
  await returns.idle()
  expect(server.asked).toBe(1)
  pass(900_000)
  due.at(-1)?.()
  await returns.idle()
  expect(server.asked).toBe(2)
  returns.stop()
  pass(900_000)
  returns.look()
  expect(server.asked).toBe(2)
})

it('never shows or keeps bytes that are not those of their name', async () => {
  const { store, server, fileCache } = await device()
  const attachment = { hash: 'right', name: 'n', type: 'text/plain', size: 5 }
  server.answer = { kind: 'done', bytes: bytesOf('wrong') }
  expect(await fileCache.open(chat, attachment)).toEqual({ kind: 'damaged' })
  expect(await store.filesFor(chat)).toEqual([])
  server.answer = { kind: 'done', bytes: bytesOf('right') }
  expect(await fileCache.open(chat, attachment)).toMatchObject({ kind: 'done' })
  expect(await store.filesFor(chat)).toEqual(['right'])
  // Damaged on this device: it goes, and comes anew.
  await store.putFile(chat, { hash: 'again', bytes: bytesOf('agaim') }, 0, 1_000)
  const again = { ...attachment, hash: 'again' }
  expect(await fileCache.peek(again)).toEqual({ kind: 'gone' })
  expect(await store.filesFor(chat)).toEqual(['right'])
})
