/**
 * Ticks against a real server: whatever happens to it, a message that ever showed as stored
 * is in its database, and everything arrives in the end, once. The seed is printed; set SEED to
 * repeat.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type ChatId, directChatId, monthOf, pageDoc } from '@wardline/core/base/ids'
import { Page } from '@wardline/core/chat/page'
import type { Conversation } from '@wardline/core/client/conversation/conversation'
import { LevelStore } from '@wardline/sync-server/storage/level-store'
import { afterEach, describe, expect, it } from 'vitest'
import { copyData } from '../support/copy-data.ts'
import { type NodeDevice, startDevice, until } from '../support/node-device.ts'
import { canCutPower, Power } from '../support/power.ts'
import { randomFrom } from '../support/random.ts'
import { type ServerOptions, ServerProcess } from '../support/server-process.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const faults = resolve(import.meta.dirname, 'faults.mjs')

/** One person of the chat, who writes as fast as the device stores, and remembers what it showed. */
class Writer {
  readonly device: NodeDevice
  readonly chat: ChatId
  readonly conversation: Conversation
  /** Texts of own messages that were ever shown as stored, or more. */
  readonly shownStored = new Set<string>()
  readonly sent: string[] = []
  #writing: Promise<void> | undefined
  #stop = false

  private constructor(device: NodeDevice, chat: ChatId, conversation: Conversation) {
    this.device = device
    this.chat = chat
    this.conversation = conversation
    device.client.subscribe(() => this.look())
  }

  static async start(url: string, email: string, other: string): Promise<Writer> {
    const device = await startDevice({ url, email })
    const { client, person } = device
    const role = person.role === 'patient' ? 'doctor' : 'patient'
    const chat = client.startChat({ id: other as typeof person.id, name: other, role })
    if (chat === undefined) throw new Error('no chat')
    const conversation = await client.openConversation(chat)
    if (conversation === undefined) throw new Error('no conversation')
    return new Writer(device, chat, conversation)
  }

  look(): void {
    for (const item of this.conversation.view()?.items ?? [])
      if (item.type === 'message' && item.mine && item.status !== 'waiting')
        this.shownStored.add(item.text)
  }

  /** Keeps a few messages on their way until `pause`. */
  write(): void {
    this.#stop = false
    this.#writing = (async () => {
      while (!this.#stop) {
        const text = `${this.device.person.id} ${this.sent.length}`
        this.sent.push(text)
        await this.device.client.send(this.chat, text)
        const ahead = this.sent.length - 20
        await until(this.device.client, () => this.#stop || this.shownStored.size >= ahead, 60_000)
      }
    })()
  }

  async pause(): Promise<void> {
    this.#stop = true
    this.device.client.wake()
    await this.#writing
  }

  texts(): string[] {
    const items = this.conversation.view()?.items ?? []
    return items.flatMap((item) => (item.type === 'message' ? [item.text] : []))
  }
}

/** What the database of a server that does not run holds. */
const storedTexts = async (dataDir: string, chat: ChatId): Promise<Set<string>> => {
  const store = await LevelStore.open(dataDir, { create: true })
  try {
    const page = new Page()
    const { snapshot, tail } = await store.read(pageDoc(chat, monthOf(Date.now())))
    page.apply([...(snapshot?.updates ?? []), ...tail.map(({ update }) => update)])
    const bodies = page.messages().flatMap(({ body }) => (body === null ? [] : [body]))
    return new Set(
      bodies.map(
        (body) => (JSON.parse(new TextDecoder().decode(body.subarray(1))) as { text: string }).text,
      ),
    )
  } finally {
    await store.close()
  }
}

const cleanUp: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task()
})

const clinic = async (options: ServerOptions = {}) => {
  const server = await ServerProcess.start(options)
  cleanUp.push(() => server.remove())
  const pat = await Writer.start(server.url, 'pat@demo.clinic', 'dr-ada')
  const ada = await Writer.start(server.url, 'ada@demo.clinic', 'pat-morgan')
  cleanUp.push(() => {
    pat.device.client.close()
    ada.device.client.close()
  })
  return { server, pat, ada, chat: directChatId(pat.device.person.id, ada.device.person.id) }
}

type Clinic = Awaited<ReturnType<typeof clinic>>

/** With the server dead: nothing that was ever shown as stored is missing. */
const checkStored = async (
  { server, pat, ada, chat }: Clinic,
  dataDir = server.dataDir,
): Promise<void> => {
  const stored = await storedTexts(dataDir, chat)
  for (const writer of [pat, ada]) {
    writer.look()
    expect([...writer.shownStored].filter((text) => !stored.has(text))).toEqual([])
  }
}

/** With the server up again: all of it is on both sides, once, in the same order. */
const checkConverged = async ({ pat, ada }: Clinic): Promise<void> => {
  await Promise.all([pat.pause(), ada.pause()])
  const all = [...pat.sent, ...ada.sent].sort()
  for (const writer of [pat, ada]) {
    writer.device.client.wake()
    await until(writer.device.client, () => writer.texts().length >= all.length, 60_000)
    await until(writer.device.client, () => writer.device.client.shell().waiting === 0, 60_000)
    expect([...writer.texts()].sort()).toEqual(all)
  }
  expect(ada.texts()).toEqual(pat.texts())
}

const health = async (url: string): Promise<number> => {
  try {
    return (await fetch(`${url}/healthz`)).status
  } catch {
    return 0
  }
}

/** Short rounds for `npm test`; more of them by the environment. */
const kills = Number(process.env.KILLS ?? 12)
const cuts = Number(process.env.POWER_CUTS ?? 5)

describe(`seed ${seed}`, () => {
  it(`[PROMISE-2] [DURABLE-1] kill -9 under traffic loses nothing that was shown as stored, ${kills} times`, {
    timeout: 60_000 + kills * 15_000,
  }, async () => {
    const random = randomFrom(seed)
    const all = await clinic()
    const { server, pat, ada } = all
    for (let round = 0; round < kills; round++) {
      pat.write()
      ada.write()
      const more = pat.shownStored.size + 1 + Math.floor(random() * 60)
      await until(pat.device.client, () => pat.shownStored.size >= more, 60_000)
      await server.kill()
      await Promise.all([pat.pause(), ada.pause()])
      await checkStored(all)
      await server.start()
      pat.device.client.wake()
      ada.device.client.wake()
    }
    await checkConverged(all)
    await server.kill()
    await checkStored(all)
  })

  it.skipIf(!canCutPower)(
    `[DURABLE-1] power cuts that keep only what was synced lose nothing that was shown as stored, ${cuts} times`,
    { timeout: 60_000 + cuts * 15_000 },
    async () => {
      const random = randomFrom(seed)
      const power = await Power.plugIn()
      cleanUp.push(() => power.unplug())
      const all = await clinic({ env: power.env })
      const { server, pat, ada } = all
      for (let round = 0; round < cuts; round++) {
        pat.write()
        ada.write()
        const more = pat.shownStored.size + 1 + Math.floor(random() * 60)
        await until(pat.device.client, () => pat.shownStored.size >= more, 60_000)
        await server.kill()
        await power.cut(server.dataDir)
        await Promise.all([pat.pause(), ada.pause()])
        const copy = await mkdtemp(join(tmpdir(), 'wardline-after-'))
        cleanUp.push(() => rm(copy, { recursive: true, force: true }))
        await copyData(server.dataDir, copy)
        await checkStored(all, copy)
        await server.start()
        pat.device.client.wake()
        ada.device.client.wake()
      }
      await checkConverged(all)
      // It lost nothing that it should have missed.
      expect(server.output).not.toContain('store.lost')
    },
  )

  for (const fault of ['disk-full', 'torn-write', 'fsync-fails'])
    it(`[DURABLE-2] ${fault}: nothing is shown as stored that is not, and it goes on after`, {
      timeout: 120_000,
    }, async () => {
      const faultDir = await mkdtemp(join(tmpdir(), 'wardline-fault-'))
      cleanUp.push(() => rm(faultDir, { recursive: true, force: true }))
      const all = await clinic({ env: { WARDLINE_FAULT_DIR: faultDir }, imports: [faults] })
      const { server, pat, ada } = all
      pat.write()
      ada.write()
      await until(pat.device.client, () => pat.shownStored.size >= 50, 60_000)
      await writeFile(join(faultDir, fault), '')
      await expect.poll(() => health(server.url), { timeout: 30_000 }).toBe(503)
      await Promise.all([pat.pause(), ada.pause()])
      await rm(join(faultDir, fault))
      await expect.poll(() => health(server.url), { timeout: 60_000 }).toBe(200)
      await checkConverged(all)
      await server.kill()
      await checkStored(all)
    })

  it('[DURABLE-3] a disk that the system reports as full', { timeout: 120_000 }, async () => {
    const all = await clinic({ largestFile: 256 })
    const { server, pat, ada } = all
    pat.write()
    ada.write()
    // It recovers when it can begin another file, so its health tells only for moments.
    await expect.poll(() => server.output, { timeout: 60_000 }).toContain('store.failed')
    await Promise.all([pat.pause(), ada.pause()])
    await server.kill()
    await checkStored(all)
    delete server.options.largestFile
    await server.start()
    await checkConverged(all)
    await server.kill()
    await checkStored(all)
  })
})
