/**
 * The real server, killed, with the end of its database gone: cut off, zeroed, deleted, damaged in
 * the middle, or an old copy in its place, and nobody told. Others write past the gap before the
 * author comes back. Whatever ever showed as stored is on the server in the end. The seed is
 * printed; set SEED to repeat, and ROUNDS for more of them.
 */
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChatId, directChatId, monthOf, pageDoc, parseUserId } from '@wardline/core/base/ids'
import { Page } from '@wardline/core/chat/page'
import type { Client } from '@wardline/core/client/client'
import type { Conversation } from '@wardline/core/client/conversation/conversation'
import { MemoryDatabase } from '@wardline/core/client/store/memory-local-store'
import { LevelStore } from '@wardline/sync-server/storage/level-store'
import { afterEach, describe, expect, it } from 'vitest'
import { copyData } from '../support/copy-data.ts'
import { startDevice, until } from '../support/node-device.ts'
import { Random } from '../support/random.ts'
import { ServerProcess } from '../support/server-process.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const rounds = Number(process.env.ROUNDS ?? 1)
const random = new Random(seed)

const user = (text: string) => {
  const id = parseUserId(text)
  if (id === undefined) throw new Error(text)
  return id
}
const pat = user('pat-morgan')
const ada = user('dr-ada')
const chat: ChatId = directChatId(pat, ada)

/** A device of one person that comes and goes, and keeps its database. */
class Person {
  readonly #server: ServerProcess
  readonly #email: string
  readonly #database = new MemoryDatabase()
  /** What ever showed as stored. */
  readonly stored = new Set<string>()
  client: Client | undefined
  #conversation: Conversation | undefined

  constructor(server: ServerProcess, email: string) {
    this.#server = server
    this.#email = email
  }

  async come(): Promise<void> {
    const { client, person } = await startDevice({
      url: this.#server.url,
      email: this.#email,
      database: this.#database,
    })
    const [id, role] = person.id === pat ? [ada, 'doctor' as const] : [pat, 'patient' as const]
    client.startChat({ id, name: id, role })
    this.client = client
    this.#conversation = await client.openConversation(chat)
    await until(client, () => client.shell().connection.phase === 'live', 30_000)
  }

  /** Writes, until all of it is stored. */
  async write(texts: readonly string[]): Promise<void> {
    const { client } = this
    if (client === undefined) throw new Error('not here')
    for (const text of texts) await client.send(chat, text)
    const isStored = (text: string) => {
      this.look()
      return this.stored.has(text)
    }
    await until(client, () => texts.every(isStored), 30_000)
  }

  /** Until there is a cursor that covers all there is. */
  async hearsCursor(): Promise<void> {
    const before = this.#database.meta.cursor
    await expect.poll(() => this.#database.meta.cursor, { timeout: 10_000 }).not.toBe(before)
  }

  look(): void {
    for (const item of this.#conversation?.view()?.items ?? [])
      if (item.type === 'message' && item.mine && item.status !== 'waiting')
        this.stored.add(item.text)
  }

  texts(): string[] {
    const items = this.#conversation?.view()?.items ?? []
    return items.flatMap((item) => (item.type === 'message' ? [item.text] : []))
  }

  async has(texts: ReadonlySet<string>): Promise<void> {
    if (this.client === undefined) throw new Error('not here')
    const lacks = () => {
      const shown = new Set(this.texts())
      return [...texts].filter((text) => !shown.has(text))
    }
    await until(this.client, () => lacks().length === 0, 30_000).catch(() => {})
    expect(lacks()).toEqual([])
  }

  leave(): void {
    this.client?.close()
    this.client = undefined
  }
}

/** What the database of a server that does not run holds. */
const storedTexts = async (dataDir: string): Promise<Set<string>> => {
  const copy = await mkdtemp(join(tmpdir(), 'wardline-look-'))
  await copyData(dataDir, copy)
  const store = await LevelStore.open(copy)
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
    await rm(copy, { recursive: true })
  }
}

const logsOf = async (dataDir: string): Promise<string[]> =>
  (await readdir(dataDir)).filter((name) => /^\d+\.log$/.test(name)).sort()

/** Ways in which the end of a database goes; each gets the directory, and a copy from before. */
const damages: Record<string, (dataDir: string, before: string) => Promise<void>> = {
  async cut(dataDir) {
    const [log = ''] = (await logsOf(dataDir)).slice(-1)
    const { length } = await readFile(join(dataDir, log))
    await truncate(join(dataDir, log), Math.max(0, length - 1 - random.below(4_000)))
  },
  async zeroed(dataDir) {
    const [log = ''] = (await logsOf(dataDir)).slice(-1)
    const bytes = await readFile(join(dataDir, log))
    bytes.fill(0, Math.max(0, bytes.length - 1 - random.below(4_000)))
    await writeFile(join(dataDir, log), bytes)
  },
  async deleted(dataDir) {
    const [log = ''] = (await logsOf(dataDir)).slice(-1)
    await rm(join(dataDir, log))
  },
  async flipped(dataDir) {
    const [log = ''] = (await logsOf(dataDir)).slice(-1)
    const bytes = await readFile(join(dataDir, log))
    const at = Math.max(0, bytes.length - 1 - random.below(4_000))
    bytes[at] = (bytes[at] ?? 0) ^ 0x55
    await writeFile(join(dataDir, log), bytes)
  },
  async restored(dataDir, before) {
    await rm(dataDir, { recursive: true })
    await copyData(before, dataDir)
  },
}

const cleanUp: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task()
})

const namesOf = (who: string, round: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${who} ${round}.${i}`)

describe('[EPOCH-3] the end of the database is gone, and others have written since', () => {
  for (const name of Object.keys(damages))
    it(`${name}: nothing that showed as stored is missing (SEED=${seed}, ${rounds} rounds)`, async () => {
      const server = await ServerProcess.start()
      cleanUp.push(() => server.remove())
      const author = new Person(server, 'pat@demo.clinic')
      const other = new Person(server, 'ada@demo.clinic')
      cleanUp.push(() => {
        author.leave()
        other.leave()
      })
      for (let round = 0; round < rounds; round++) {
        await server.stop()
        const before = await mkdtemp(join(tmpdir(), 'wardline-before-'))
        cleanUp.push(() => rm(before, { recursive: true, force: true }))
        await copyData(server.dataDir, before)
        await server.start()
        await author.come()
        await author.write(namesOf('kept or lost', round, 1 + random.below(4)))
        // Now and then a cursor covers it, now and then somebody has it.
        if (random.chance(0.3)) await author.hearsCursor()
        if (random.chance(0.3)) await other.come()
        author.leave()
        other.leave()
        await server.kill()
        await damages[name]?.(server.dataDir, before)
        await server.start()
        await other.come()
        await other.write(namesOf('past the gap', round, 2 + random.below(8)))
        await author.come()
        const all = new Set([...author.stored, ...other.stored])
        await author.has(all)
        await other.has(all)
        // One that has nothing gets it from the server alone.
        const fresh = new Person(server, 'ada@demo.clinic')
        await fresh.come()
        await fresh.has(all)
        for (const person of [author, other, fresh]) person.leave()
        await server.kill()
        const stored = await storedTexts(server.dataDir)
        expect([...all].filter((text) => !stored.has(text))).toEqual([])
        await server.start()
      }
    }, 600_000)
})
