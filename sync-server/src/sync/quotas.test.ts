import { type DocName, userDoc } from '@wardline/core/base/ids'
import { stateName } from '@wardline/core/chat/lanes'
import { encodeLaneWrite } from '@wardline/core/update/lane-write'
import { writeUpdate } from '@wardline/core/update/write-update'
import { describe, expect, it } from 'vitest'
import { settle } from '../base/test-timers.ts'
import { compactDoc } from '../storage/compaction.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import type { Store } from '../storage/store.ts'
import { CLOCK_BYTES, MAX_PAGES_BEFORE, usageKey } from './quotas.ts'
import {
  ada,
  chat,
  pat,
  startTestServer,
  type TestClient,
  TestLaneWriter,
  type TestServer,
} from './sync-test-kit.ts'

const KiB = 1024
const monthsBack = (months: number): number => Date.UTC(2026, 5 - months, 10)

/** Somebody who writes from one socket, a channel for each page. */
class Author {
  readonly client: TestClient
  readonly #user: typeof pat
  readonly #laneWriters = new Map<number, { laneWriter: TestLaneWriter; channel: number }>()

  constructor(client: TestClient, user: typeof pat) {
    this.client = client
    this.#user = user
  }

  page(months = 0) {
    const known = this.#laneWriters.get(months)
    if (known !== undefined) return known
    const laneWriter = new TestLaneWriter(
      this.#user,
      this.#user === pat ? 1 : 2,
      monthsBack(months),
    )
    const made = { laneWriter, channel: this.#laneWriters.size + 1 }
    this.#laneWriters.set(months, made)
    this.client.open(made.channel, laneWriter.page())
    return made
  }

  /** Writes a message of so many letters; undefined when it is in, else why not. */
  async write(letters: number, months = 0): Promise<string | undefined> {
    const { laneWriter, channel } = this.page(months)
    return this.send(channel, laneWriter.message('x'.repeat(letters)))
  }

  async send(channel: number, update: Uint8Array): Promise<string | undefined> {
    this.client.update(channel, update)
    await settle()
    return this.client.take().find((frame) => frame.type === 'reject')?.code
  }
}

const author = async (kit: TestServer, user = pat): Promise<Author> =>
  new Author(await kit.welcomed(user), user)

const receipt = (laneWriter: TestLaneWriter, n: number, clock: number): Uint8Array =>
  encodeLaneWrite({
    client: laneWriter.client,
    clock,
    items: [{ map: stateName(1), key: `r/${99}/${n}`, value: monthsBack(0) }],
  })

/** Writes until it is refused; returns the letters that are in. */
const fill = async (writer: Author, monthOf: (i: number) => number): Promise<number> => {
  for (let i = 0; ; i++)
    if ((await writer.write(10 * KiB, monthOf(i))) === 'FULL') return i * 10 * KiB
}

describe('[LIMIT-11] what a person writes', () => {
  it('is counted over all months, and refused beyond a quota, which leaves room for receipts', async () => {
    const kit = await startTestServer({ quotas: { patientBytes: 100 * KiB } })
    const writer = await author(kit)
    const letters = await fill(writer, (i) => i % 7)
    expect(letters).toBe(90 * KiB)
    // The same through another socket, in another month.
    const again = await author(kit)
    expect(await again.write(10 * KiB, 8)).toBe('FULL')
    // Less still fits, and a receipt in any case. Ada has her own quota.
    const { channel } = writer.page(0)
    const laneWriter = new TestLaneWriter(pat, 1, monthsBack(0), 4711)
    expect(await writer.send(channel, receipt(laneWriter, 1, 0))).toBeUndefined()
    expect(await (await author(kit, ada)).write(10 * KiB)).toBeUndefined()
  })

  it('is not cheap because it is tiny', async () => {
    const kit = await startTestServer({ quotas: { patientBytes: 100 * KiB } })
    const writer = await author(kit)
    let n = 0
    while ((await writer.write(1)) === undefined) n++
    expect(n).toBeLessThan((100 * KiB) / CLOCK_BYTES)
  })

  it('is counted over a restart, from a record that is ahead of it by little', async () => {
    const store = new MemoryStore()
    const quotas = { patientBytes: 200 * KiB }
    const first = await author(await startTestServer({ store, quotas }))
    for (let i = 0; i < 10; i++) await first.write(10 * KiB, i)
    const written = 100 * KiB
    const { bytes } = ((await store.getRecord(usageKey(pat)))?.value ?? {}) as { bytes: number }
    expect(bytes).toBeGreaterThan(written)
    expect(bytes).toBeLessThan(written + 20 * KiB)
    const commits = store.lastSeq()
    const second = await author(await startTestServer({ store, quotas }))
    const more = await fillAnew(second)
    expect(more).toBeGreaterThanOrEqual(60 * KiB)
    expect(more).toBeLessThanOrEqual(100 * KiB)
    expect(store.lastSeq()).toBeGreaterThan(commits)
  })

  it('is counted too when it was written before there were quotas', async () => {
    const store = new MemoryStore()
    const before = await startTestServer({ store })
    await before.server.directory.registerDirectChat(pat, ada, pat)
    const laneWriter = new TestLaneWriter(pat, 1, monthsBack(1))
    for (let i = 0; i < 9; i++)
      await store.commit({
        appends: [{ doc: laneWriter.page(), update: laneWriter.message('x'.repeat(10 * KiB)) }],
      })
    const kit = await startTestServer({ store, quotas: { patientBytes: 100 * KiB } })
    const writer = await author(kit)
    expect(await writer.write(1)).toBeUndefined()
    await counted(kit)
    expect(await writer.write(10 * KiB)).toBe('FULL')
  })

  it('gives room again when it was taken back', async () => {
    const kit = await startTestServer({ quotas: { patientBytes: 100 * KiB } })
    const writer = await author(kit)
    const letters = await fill(writer, () => 0)
    const { laneWriter, channel } = writer.page(0)
    const deletes = writeUpdate({
      blocks: [],
      deletes: [{ client: laneWriter.client, clock: 0, len: letters / (10 * KiB) - 1 }],
    })
    expect(await writer.send(channel, deletes)).toBeUndefined()
    await compactDoc(kit.store, laneWriter.page(), 0)
    // What is refused has it counted anew, and the next time it fits.
    const writerAgain = await author(kit)
    await kit.timers.advance(60 * 60_000)
    expect(await writerAgain.write(10 * KiB, 1)).toBe('FULL')
    await counted(kit)
    const last = await author(kit)
    expect(await last.write(10 * KiB, 2)).toBeUndefined()
  })
})

/** With other writers than before. */
const fillAnew = async (writer: Author): Promise<number> => {
  let letters = 0
  for (let i = 20; ; i++) {
    if ((await writer.write(10 * KiB, i)) === 'FULL') return letters
    letters += 10 * KiB
  }
}

const counted = async (kit: TestServer): Promise<void> => {
  await settle()
  await kit.server.quotas.idle()
}

describe('[LIMIT-11] what is written in a chat', () => {
  it('is counted for all of its members and months', async () => {
    const kit = await startTestServer({ quotas: { chatBytes: 100 * KiB } })
    const [a, b] = [await author(kit), await author(kit, ada)]
    let letters = 0
    for (let i = 0; (await (i % 2 ? a : b).write(10 * KiB, i % 5)) === undefined; i++)
      letters += 10 * KiB
    expect(letters).toBe(90 * KiB)
    expect([await a.write(10 * KiB, 7), await b.write(10 * KiB, 8)]).toEqual(['FULL', 'FULL'])
    // Who reads it still says so: it is the others' flood as well.
    const reads = new TestLaneWriter(pat, 1, monthsBack(0), 4712)
    expect(await a.send(a.page(0).channel, receipt(reads, 1, 0))).toBeUndefined()
    // Nothing is listed of a month in which nothing could be written.
    expect((await kit.server.directory.chatOf(chat))?.pages.length).toBe(5)
  })

  it('is measured again after a compaction', async () => {
    const store = new MemoryStore()
    const kit = await startTestServer({ store, quotas: { chatBytes: 100 * KiB } })
    const writer = await author(kit)
    await fill(writer, () => 0)
    const { laneWriter, channel } = writer.page(0)
    const deletes = writeUpdate({
      blocks: [],
      deletes: [{ client: laneWriter.client, clock: 0, len: 5 }],
    })
    expect(await writer.send(channel, deletes)).toBeUndefined()
    // The compactor has taken it off by itself.
    await until(async () => (await bytesOf(store, laneWriter.page())) < 60 * KiB)
    await settle()
    expect(await (await author(kit, ada)).write(10 * KiB)).toBeUndefined()
  })

  it('begins so many months before the chat was made and no more', async () => {
    const kit = await startTestServer()
    const writer = await author(kit)
    for (let i = 0; i < MAX_PAGES_BEFORE; i++) expect(await writer.write(1, i)).toBeUndefined()
    expect(await writer.write(1, MAX_PAGES_BEFORE)).toBe('FULL')
    expect(await (await author(kit, ada)).write(1, MAX_PAGES_BEFORE + 1)).toBe('FULL')
    expect(await writer.write(1, 3)).toBeUndefined()
    const { pages = [] } = (await kit.server.directory.chatOf(chat)) ?? {}
    expect(pages.length).toBe(MAX_PAGES_BEFORE)
    // Time brings room for the months that it brings.
    await kit.timers.advance(40 * 86_400_000)
    expect(await (await author(kit)).write(1, MAX_PAGES_BEFORE)).toBeUndefined()
  })
})

it('leaves settings and documents of the server alone', async () => {
  const kit = await startTestServer({ quotas: { patientBytes: 1, chatBytes: 1 } })
  const client = await kit.welcomed(pat)
  client.open(1, userDoc(pat))
  const update = encodeLaneWrite({
    client: 2 ** 40 + 5,
    clock: 0,
    items: [{ map: 'prefs', key: 'muted/a', value: true }],
  })
  client.update(1, update)
  await settle()
  expect(client.of('reject')).toEqual([])
})

const bytesOf = async (store: Store, doc: DocName): Promise<number> => {
  const { snapshotBytes, tailBytes } = await store.sizes(doc)
  return snapshotBytes + tailBytes
}

const until = async (is: () => Promise<boolean>): Promise<void> => {
  while (!(await is())) await settle()
}
