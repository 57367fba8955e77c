/** A file goes with the last message that has it: not before, and not much later. */

import { type MemberIndex, writerFrom } from '@wardline/core/base/client-id'
import {
  type ChatId,
  type Month,
  monthOf,
  monthStart,
  pageDoc,
  parseMonth,
} from '@wardline/core/base/ids'
import { sealBody } from '@wardline/core/chat/body'
import { EntryKind } from '@wardline/core/chat/entry'
import { LaneWriter, type PendingWrite } from '@wardline/core/chat/lane-writer'
import { Page } from '@wardline/core/chat/page'
import { retractionOf } from '@wardline/core/chat/retraction'
import { writeMessageId } from '@wardline/sync-server/folds/message-id'
import type { RunningServer } from '@wardline/sync-server/server'
import { ada, deviceOf, pat } from '@wardline/sync-server/sync/sync-test-kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CHAT, codeOf, FileCaller, sha256, textOf } from './files-kit.ts'
import { connect, makeDataDir, removeDataDir, start, until, type Wire } from './sync-kit.ts'

const letter = textOf(5_000)
const hash = sha256(letter)
const now = monthOf(Date.now())
const before = parseMonth('2026-02')!

let dataDir = ''
let server: RunningServer
let patient: FileCaller
let doctor: FileCaller
let stranger: FileCaller
let writers = 0

beforeEach(async () => {
  dataDir = await makeDataDir()
  server = await start(dataDir)
  const url = () => server.url
  patient = await FileCaller.signIn(url, 'pat@demo.clinic')
  doctor = await FileCaller.signIn(url, 'ada@demo.clinic')
  stranger = await FileCaller.signIn(url, 'ben@demo.clinic')
})
afterEach(async () => {
  await server.close()
  await removeDataDir(dataDir)
})

/** One month of a chat, on a device of one of its members that holds no other. */
class Desk {
  readonly #wire: Wire
  readonly #page = new Page()
  readonly #laneWriter: LaneWriter
  readonly #month: Month
  readonly #chat: ChatId
  #sent = 0

  private constructor(wire: Wire, laneWriter: LaneWriter, month: Month, chat: ChatId) {
    this.#wire = wire
    this.#laneWriter = laneWriter
    this.#month = month
    this.#chat = chat
  }

  static async of(
    user: typeof pat,
    index: MemberIndex,
    month = now,
    chat = CHAT as ChatId,
  ): Promise<Desk> {
    const wire = await connect(server, user)
    wire.openDoc(1, pageDoc(chat, month))
    const laneWriter = new LaneWriter(
      index,
      writerFrom(new Uint8Array([1, 2, 3, 4, ++writers])),
      deviceOf(user),
    )
    return new Desk(wire, laneWriter, month, chat)
  }

  /** Writes a message with the file; the answer is its id. */
  async send(): Promise<string> {
    const file = { hash, name: 'letter.txt', type: 'text/plain', size: letter.length }
    const body = await sealBody({ text: 'See this', attachments: [file] })
    const at = Math.max(monthStart(this.#month), this.#month === now ? Date.now() : 0)
    const write = this.#laneWriter.entries(
      [{ at, kind: EntryKind.message, ref: null, body }],
      this.#page.frontier,
    )
    await this.#write(write)
    const [entry = expect.fail()] = write.entries
    return writeMessageId({ chat: this.#chat, month: this.#month, ...entry })
  }

  /** Takes back the message that was written as number n. */
  async takeBack(n: number): Promise<void> {
    const { writer, index } = this.#laneWriter
    const entry = this.#page.entry(writer, n) ?? expect.fail()
    const { added, deletes } = retractionOf(this.#page, entry, index, Date.now())
    await this.#write(this.#laneWriter.entries(added, this.#page.frontier, deletes))
  }

  async #write({ update, advance }: PendingWrite): Promise<void> {
    this.#wire.send({ type: 'update', channel: 1, update })
    this.#page.apply([update])
    advance()
    const sent = ++this.#sent
    await until(() => expect(this.#wire.of('head').at(-1)?.accepted).toBe(sent))
  }
}

const status = async (caller = doctor, chat = CHAT): Promise<number> =>
  (await caller.file('GET', hash, chat)).status
const isGone = () => expect.poll(() => status()).toBe(404)
const takeBack = (caller: FileCaller, id: string) =>
  caller.fetch('DELETE', `/api/chat/messages/${id}`)

describe('the file of a message', () => {
  it('goes with it over HTTP', async () => {
    await patient.upload(letter)
    const id = await (await Desk.of(pat, 1)).send()
    expect((await takeBack(doctor, id)).status).toBe(403)
    expect(await status()).toBe(200)
    expect((await takeBack(patient, id)).status).toBe(200)
    expect(await status()).toBe(404)
    expect((await patient.file('PUT', hash)).status).toBe(404)
    expect(await server.store.listRecords('file')).toEqual([])
    expect((await takeBack(patient, id)).status).toBe(200)
  })

  it('goes with it from a device, whether the message or the word about the file comes first', async () => {
    const desk = await Desk.of(pat, 1)
    for (const n of [1, 3]) {
      await patient.upload(letter)
      await desk.send()
      if (n === 1) await desk.takeBack(n)
      expect((await patient.file('DELETE', hash)).status).toBe(204)
      expect(await status()).toBe(n === 1 ? 404 : 200)
      if (n === 3) await desk.takeBack(n)
      await isGone()
    }
    expect(await server.store.listRecords('file')).toEqual([])
  })

  it('stays while one of another month has it, which the device may not know of', async () => {
    await patient.upload(letter)
    const old = await Desk.of(pat, 1, before)
    await old.send()
    const desk = await Desk.of(pat, 1)
    const id = await desk.send()
    await desk.takeBack(1)
    expect((await patient.file('DELETE', hash)).status).toBe(204)
    expect((await takeBack(patient, id)).status).toBe(200)
    expect(await status()).toBe(200)
    // And nobody has to ask for it when that one goes.
    await old.takeBack(1)
    await isGone()
  })

  it('stays while one of somebody else has it, though they never said so', async () => {
    await patient.upload(letter)
    const id = await (await Desk.of(pat, 1)).send()
    const desk = await Desk.of(ada, 2)
    await desk.send()
    expect((await takeBack(patient, id)).status).toBe(200)
    expect(await status(patient)).toBe(200)
    expect((await patient.file('DELETE', hash)).status).toBe(404)
    expect(await status(patient)).toBe(200)
    await desk.takeBack(1)
    await isGone()
  })

  it('stays while it is about to be sent, and may be taken up again', async () => {
    await patient.upload(letter)
    const desk = await Desk.of(pat, 1)
    const id = await desk.send()
    expect((await patient.file('DELETE', hash)).status).toBe(204)
    expect((await doctor.file('PUT', hash)).status).toBe(204)
    expect((await takeBack(patient, id)).status).toBe(200)
    expect(await status(patient)).toBe(200)
    expect((await doctor.file('DELETE', hash)).status).toBe(204)
    expect(await status(patient)).toBe(404)
  })

  it('is for nobody else to delete', async () => {
    await patient.upload(letter)
    await (await Desk.of(pat, 1)).send()
    for (const other of [doctor, stranger]) {
      const refused = await other.file('DELETE', hash)
      expect([refused.status, await codeOf(refused)]).toEqual([404, 'not-found'])
    }
    // Who takes it up lets go of their own part in it only.
    expect((await doctor.file('PUT', hash)).status).toBe(204)
    expect((await doctor.file('DELETE', hash)).status).toBe(204)
    expect(await status(patient)).toBe(200)
  })

  it('stays in a group that its owner is out of', async () => {
    const { groups } = server.sync.directory
    const made = await groups.create(ada, 'Ward 3', [pat])
    const chat = made.ok ? made.value.id : expect.fail()
    await patient.upload(letter, { chat })
    await (await Desk.of(pat, 2, now, chat)).send()
    await groups.remove(chat, ada, pat)
    expect((await patient.file('DELETE', hash, chat)).status).toBe(404)
    expect(await status(doctor, chat)).toBe(200)
  })
})
