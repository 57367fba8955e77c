import { describe, expect, it } from 'vitest'
import { type ChatId, directChatId, parseUserId } from '../../base/ids.ts'
import { MemoryDatabase, MemoryLocalStore } from '../store/memory-local-store.ts'
import type { FileBytes, OutgoingMessage } from '../store/outgoing-store.ts'
import type { FileTransfer, UploadJob, UploadOutcome } from './file-transfer.ts'
import { UploadQueue } from './upload-queue.ts'

const chat: ChatId = directChatId(parseUserId('pat-ada')!, parseUserId('doc-bea')!)
type MakeBlob = new (parts: readonly string[]) => FileBytes
const BlobOf = (globalThis as unknown as { Blob: MakeBlob }).Blob
const file = (name: string) => ({
  attachment: { hash: name.repeat(64), name, type: 'text/plain', size: 3 },
  bytes: new BlobOf(['abc']),
})

/** A device whose server answers as the test says. */
const device = async (database = new MemoryDatabase()) => {
  const store = new MemoryLocalStore(database)
  const sent: string[] = []
  const asked: string[] = []
  const jobs: { job: UploadJob; answer: (outcome: UploadOutcome) => void }[] = []
  const timers: { ms: number; run: () => void }[] = []
  const used = new Set<string>()
  const transfer: FileTransfer = {
    upload: (job) =>
      new Promise((answer) => {
        jobs.push({ job, answer })
        job.signal.addEventListener('abort', () => answer({ kind: 'unreachable' }))
      }),
    discard: async (location) => void asked.push(`discard ${location}`),
    delete: async (_chat, hash) => {
      asked.push(`delete ${hash[0]}`)
      return { kind: 'done' }
    },
    download: async () => ({ kind: 'unreachable' }),
    lost: async () => [],
    hashOf: async () => '',
  }
  let random = 0
  const desk = new UploadQueue({
    store,
    transfer,
    timers: {
      now: () => 1,
      elapsed: () => 1,
      after: (ms, run) => {
        timers.push({ ms, run })
        return () => {}
      },
    },
    clock: { now: () => 1 },
    random: (length) => new Uint8Array(length).fill(++random),
    send: async (message: OutgoingMessage) => {
      sent.push(message.text)
      await store.removeOutgoing(message.id)
    },
    refersTo: async ({ hash }) => used.has(hash[0] ?? ''),
    changed: () => {},
    tell: () => {},
    storageFailed: (error) => {
      throw error
    },
  })
  await desk.load()
  const settle = async () => {
    for (let turn = 0; turn < 50; turn++) await null
  }
  /** The newest upload, once it has begun. */
  const job = async () => {
    await settle()
    const last = jobs.at(-1)
    if (last === undefined) throw new Error('nothing is being uploaded')
    return last
  }
  return { desk, store, sent, asked, jobs, job, timers, used, settle, database }
}

describe('the queue of uploads', () => {
  it('appends the entry only when the server has every file', async () => {
    const { desk, sent, job, settle, store } = await device()
    desk.lead()
    await desk.add(chat, 'two files', [file('a'), file('b')], null)
    ;(await job()).answer({ kind: 'done' })
    const second = await job()
    expect(second.job.attachment.name).toBe('b')
    expect(sent).toEqual([])
    second.answer({ kind: 'done' })
    await settle()
    expect(sent).toEqual(['two files'])
    expect(await store.outgoing()).toEqual([])
  })

  it('works only in the tab that leads', async () => {
    const { desk, jobs, settle } = await device()
    await desk.add(chat, 'one', [file('a')], null)
    await settle()
    expect(jobs).toEqual([])
  })

  it('goes on after a restart, where it was', async () => {
    const first = await device()
    first.desk.lead()
    await first.desk.add(chat, 'one', [file('a')], null)
    const begun = await first.job()
    begun.job.begun('/upload/1')
    await first.settle()
    first.desk.stop()
    const second = await device(first.database)
    second.desk.lead()
    const { job } = await second.job()
    expect(job.location).toBe('/upload/1')
    expect(job.bytes.size).toBe(3)
  })

  it('waits, and tries again when there is a connection or the time has come', async () => {
    const { desk, job, jobs, timers, settle } = await device()
    desk.lead()
    await desk.add(chat, 'one', [file('a')], null)
    ;(await job()).answer({ kind: 'unreachable' })
    await settle()
    expect(timers.map(({ ms }) => ms)).toEqual([1_000])
    desk.resume()
    ;(await job()).answer({ kind: 'unreachable' })
    await settle()
    timers.at(-1)?.run()
    await settle()
    expect(jobs).toHaveLength(3)
  })

  it('shows a refusal, keeps it over a restart, and tries again from the start', async () => {
    const { desk, job, settle, database } = await device()
    desk.lead()
    await desk.add(chat, 'one', [file('a')], null)
    const first = await job()
    first.job.begun('/upload/1')
    first.answer({ kind: 'refused', code: 'file-damaged' })
    await settle()
    const again = await device(database)
    const [message] = again.desk.of(chat)
    expect(again.desk.transferOf(message!)).toEqual({ kind: 'failed', reason: 'file-damaged' })
    again.desk.lead()
    await again.desk.retry(message!.id)
    expect((await again.job()).job.location).toBeNull()
  })

  it('gives a message up: stops, and has the server delete what it got', async () => {
    const { desk, job, asked, settle, sent, store } = await device()
    desk.lead()
    await desk.add(chat, 'one', [file('a'), file('b')], null)
    ;(await job()).answer({ kind: 'done' })
    const second = await job()
    second.job.begun('/upload/2')
    await settle()
    await desk.cancel(desk.of(chat)[0]!.id)
    await settle()
    expect(second.job.signal.aborted).toBe(true)
    expect(asked.toSorted()).toEqual(['delete a', 'delete b', 'discard /upload/2'])
    expect(sent).toEqual([])
    expect(await store.fileDeletions()).toEqual([])
  })

  it('deletes no file that another message has', async () => {
    const { desk, asked, settle, used, store } = await device()
    used.add('a')
    desk.lead()
    await desk.release(chat, [file('a').attachment, file('b').attachment])
    await settle()
    expect(asked).toEqual(['delete b'])
    expect(await store.fileDeletions()).toEqual([])
  })
})
