import { describe, expect, it } from 'vitest'
import { clientIdOf } from '../../base/client-id.ts'
import {
  type ChatId,
  type DeviceId,
  directChatId,
  monthOf,
  pageDoc,
  parseUserId,
} from '../../base/ids.ts'
import { arrivalKey } from '../../chat/arrivals.ts'
import type { Attachment } from '../../chat/attachment.ts'
import { sealBody } from '../../chat/body.ts'
import { activityOf, latestOf } from '../../chat/dating.ts'
import { EntryKind } from '../../chat/entry.ts'
import { LaneWriter } from '../../chat/lane-writer.ts'
import { SYS } from '../../chat/lanes.ts'
import { Page } from '../../chat/page.ts'
import { encodeLaneWrite } from '../../update/lane-write.ts'
import { FileCache } from '../files/file-cache.ts'
import type { DownloadOutcome, FileTransfer } from '../files/file-transfer.ts'
import { MemoryDatabase, MemoryLocalStore } from '../store/memory-local-store.ts'
import type { FileBytes } from '../store/outgoing-store.ts'
import { Rounds } from './rounds.ts'

const MINUTE = 60_000
const NOW = Date.UTC(2026, 10, 22, 7, 42)
const MONTHS_AGO = Date.UTC(2026, 7, 3)
const doctor = parseUserId('dr-ada')!
const pat: ChatId = directChatId(parseUserId('pat-morgan')!, doctor)
const sam: ChatId = directChatId(parseUserId('sam-rivera')!, doctor)

type MakeBlob = new (parts: readonly Uint8Array[]) => FileBytes
const BlobOf = (globalThis as unknown as { Blob: MakeBlob }).Blob

/** Whatever is under way goes on. */
const turn = (): Promise<void> =>
  new Promise((done) =>
    (globalThis as unknown as { setImmediate(run: () => void): void }).setImmediate(done),
  )

const file = (name: string, size = 3): Attachment => ({
  hash: name.repeat(64),
  name,
  type: 'image/jpeg',
  size,
})

/** The leading tab of a doctor with two patients on the list. */
const ward = async (database = new MemoryDatabase()) => {
  const store = new MemoryLocalStore(database)
  const list = [pat, sam]
  const pages = new Map<
    string,
    { page: Page; laneWriter: LaneWriter; lastRow: number; bytes: number }
  >()
  const pageOf = (chat: ChatId, at: number) => {
    const doc = pageDoc(chat, monthOf(at))
    const known = pages.get(doc) ?? {
      page: new Page(),
      laneWriter: new LaneWriter(1, 7, 'device00' as DeviceId),
      lastRow: 0,
      bytes: 0,
    }
    pages.set(doc, known)
    return known
  }
  const server = { reachable: true, lost: new Set<string>(), upToDate: true }
  const downloads: string[] = []
  const transfer = {
    download: async (_chat: ChatId, hash: string): Promise<DownloadOutcome> => {
      downloads.push(hash[0] ?? '')
      if (!server.reachable) return { kind: 'unreachable' }
      if (server.lost.has(hash)) return { kind: 'gone' }
      return { kind: 'done', bytes: new BlobOf([new Uint8Array(3)]) }
    },
    hashOf: async () => downloads.at(-1)?.repeat(64) ?? '',
  } as unknown as FileTransfer
  const clock = { now: NOW }
  let due: (() => void) | undefined
  const timers = {
    now: () => clock.now,
    elapsed: () => clock.now,
    after: (_ms: number, run: () => void) => {
      due = run
      return () => {
        if (due === run) due = undefined
      }
    },
  }
  const told: unknown[] = []
  const failures: unknown[] = []
  const { completeAsOf } = (await store.load()).meta
  const rounds = new Rounds(
    {
      store,
      timers,
      clock: timers,
      pages: { open: async (doc) => ({ doc, me: 2, ...pages.get(doc)! }) },
      pageIndex: {
        months: (chat) =>
          [NOW, MONTHS_AGO].map(monthOf).filter((month) => pages.has(pageDoc(chat, month))),
        latestIn: (chat, month) => {
          const last = latestOf(pages.get(pageDoc(chat, month))?.page.messages() ?? [])
          return last === undefined ? 0 : activityOf(last)
        },
        lastRow: (doc) => pages.get(doc)?.lastRow ?? 0,
      },
      fileCache: new FileCache(store, transfer, timers),
      chats: () => list,
      upToDate: async () => (server.reachable && server.upToDate ? clock.now : undefined),
      tell: (asOf) => told.push(asOf),
      changed: () => {},
      storageFailed: (error) => failures.push(error),
    },
    completeAsOf,
  )
  return {
    ...{ rounds, list, server, downloads, clock, database, told, store, failures },
    message: async (chat: ChatId, attachments: Attachment[], at = NOW) => {
      const open = pageOf(chat, at)
      const body = await sealBody({ text: 'See this', attachments })
      const draft = { at, kind: EntryKind.message, ref: null, body }
      const write = open.laneWriter.entries([draft], open.page.frontier)
      write.advance()
      open.page.apply([write.update])
      open.lastRow++
    },
    /** The server says when the only message of a month came. */
    arrived: (chat: ChatId, month: number, at: number) => {
      const key = arrivalKey({ writer: 7, from: 1, to: 1 })
      const items = [{ map: SYS, key, value: at }]
      pageOf(chat, month).page.apply([
        encodeLaneWrite({ client: clientIdOf(0, 1), clock: 0, items }),
      ])
    },
    /** Lets the next look come, and end. */
    look: async () => {
      const run = due
      due = undefined
      run?.()
      for (let turns = 0; turns < 500 && due === undefined; turns++) await turn()
    },
  }
}

describe('Rounds', () => {
  it('gets recent files ahead, and says since when nothing is missing', async () => {
    const { rounds, message, look, downloads, clock, told } = await ward()
    await message(pat, [file('a'), file('b')])
    await message(sam, [file('c')], NOW - 20 * 86_400_000)
    expect(rounds.view()).toEqual({ completeAsOf: null, missingFiles: 0, omittedFiles: 0 })
    rounds.lead()
    clock.now += 12_345
    await look()
    expect(downloads.toSorted()).toEqual(['a', 'b'])
    expect(rounds.view()).toEqual({ completeAsOf: NOW, missingFiles: 0, omittedFiles: 0 })
    expect(told.at(-1)).toContainEqual({ chat: pat, at: NOW })
  })

  it('gets what is dated long ago, and has come now', async () => {
    const { rounds, message, arrived, look, downloads } = await ward()
    await message(pat, [file('a')], MONTHS_AGO)
    await message(sam, [file('b')], MONTHS_AGO)
    arrived(pat, MONTHS_AGO, NOW - MINUTE)
    rounds.lead()
    await look()
    expect(downloads).toEqual(['a'])
  })

  it('keeps the time of the last contact, also over a restart, and takes it up again', async () => {
    const first = await ward()
    first.rounds.lead()
    await first.look()
    first.server.reachable = false
    first.clock.now += 30 * MINUTE
    await first.look()
    expect(first.rounds.view().completeAsOf).toBe(NOW)

    const second = await ward(first.database)
    expect(second.rounds.view().completeAsOf).toBe(NOW)
    second.clock.now = NOW + 60 * MINUTE
    second.rounds.lead()
    await second.look()
    expect(second.rounds.view().completeAsOf).toBe(NOW + 60 * MINUTE)
  })

  it('is as old as the chat that misses something', async () => {
    const { rounds, message, look, server, clock } = await ward()
    rounds.lead()
    await look()
    await message(pat, [file('a')])
    server.upToDate = false
    clock.now += 5 * MINUTE
    await look()
    expect(rounds.view()).toEqual({ completeAsOf: NOW, missingFiles: 1, omittedFiles: 0 })
    server.upToDate = true
    await look()
    expect(rounds.view()).toMatchObject({ completeAsOf: NOW + 5 * MINUTE, missingFiles: 0 })
  })

  it('never was complete when somebody new is on the list whose files are not here', async () => {
    const { rounds, message, look, server, list } = await ward()
    list.pop()
    rounds.lead()
    await look()
    expect(rounds.view().completeAsOf).toBe(NOW)
    await message(sam, [file('a')])
    list.push(sam)
    server.reachable = false
    rounds.touched()
    await look()
    expect(rounds.view()).toMatchObject({ completeAsOf: null, missingFiles: 1 })
  })

  it('says when the device cannot save, and goes on from what is saved', async () => {
    const { rounds, look, clock, store, failures } = await ward()
    rounds.lead()
    await look()
    const save = store.putMeta.bind(store)
    store.putMeta = () => Promise.reject(new Error('no room'))
    clock.now += 5 * MINUTE
    await look()
    expect(failures).toEqual([new Error('no room')])
    store.putMeta = save
    clock.now += 5 * MINUTE
    await look()
    expect((await store.load()).meta.completeAsOf).toContainEqual({
      chat: pat,
      at: NOW + 10 * MINUTE,
    })
  })

  it('does not wait for files that the server does not have, or there is no room for', async () => {
    const { rounds, message, look, server } = await ward()
    server.lost.add(file('a').hash)
    await message(pat, [file('a')])
    await message(pat, [file('b', 201 * 1024 * 1024)])
    rounds.lead()
    await look()
    expect(rounds.view()).toEqual({ completeAsOf: NOW, missingFiles: 0, omittedFiles: 1 })
  })
})
