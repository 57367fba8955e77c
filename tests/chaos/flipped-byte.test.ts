/**
 * Bits that flip in the files of a real server's database: it starts, or says in one line why not;
 * it never ends by itself; and what people wrote is there again once their devices have come.
 */
import { spawnSync } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { directChatId } from '@wardline/core/base/ids'
import { ClassicLevel } from 'classic-level'
import { afterEach, expect, it } from 'vitest'
import { checkTables } from '../../sync-server/src/storage/level-tables.ts'
import { type NodeDevice, startDevice, until } from '../support/node-device.ts'
import { Random } from '../support/random.ts'
import { ServerProcess } from '../support/server-process.ts'
import { ada, pat } from '../support/world.ts'

const ROUNDS = Number(process.env.FLIP_ROUNDS ?? 2)
const seed = Number(process.env.FLIP_SEED ?? Date.now() % 1_000_000)
const random = new Random(seed)
const chat = directChatId(pat.id, ada.id)

const cleanUp: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task()
})

const doctor = (dataDir: string): { status: number | null; text: string } => {
  const admin = resolve(import.meta.dirname, '../../sync-server/dist/admin.js')
  const run = spawnSync(process.execPath, [admin, 'doctor'], {
    env: { PATH: process.env.PATH ?? '', DATA_DIR: dataDir },
    encoding: 'utf8',
  })
  return { status: run.status, text: run.stdout + run.stderr }
}

/** Whether all keys of a range are of documents: heads, snapshots, rows; or of the audit trail. */
const isOfPages = (after: string, upTo: string): boolean =>
  /^[eh]!/.test(upTo) || /^n!/.test(after) || /^p!/.test(after) || after >= 's!'

/** Whether a byte of a table means nothing: the footer is filled up with zeros before its last 8. */
const isPadding = (table: Buffer, at: number): boolean =>
  at >= table.length - 48 && at < table.length - 8 && table[at] === 0

const tablesOf = async (dataDir: string): Promise<string[]> =>
  (await readdir(dataDir)).filter((name) => name.endsWith('.ldb'))

const textsOf = async ({ client }: NodeDevice): Promise<string[]> => {
  const conversation = await client.openConversation(chat)
  await client.idle()
  return (conversation?.view()?.items ?? []).flatMap((item) =>
    item.type === 'message' ? [item.text] : [],
  )
}

it(`flipped bits end nothing and lose nothing that devices have (seed ${seed})`, async () => {
  const server = await ServerProcess.start()
  cleanUp.push(() => server.remove())
  const phone = await startDevice({ url: server.url, email: 'pat@demo.clinic' })
  const desk = await startDevice({ url: server.url, email: 'ada@demo.clinic' })
  cleanUp.push(
    () => phone.client.close(),
    () => desk.client.close(),
  )
  phone.client.startChat(ada)
  const said: string[] = []
  const say = async (from: NodeDevice, text: string): Promise<void> => {
    await from.client.send(chat, text)
    said.push(text)
    await until(from.client, () => from.client.shell().waiting === 0)
  }
  for (let i = 0; i < 12; i++) {
    const from = i % 2 === 0 ? phone : desk
    await expect.poll(() => textsOf(from), { timeout: 20_000 }).toEqual(said)
    await say(from, `Message ${i}, ${'with some words '.repeat(random.below(20))}`)
  }
  for (let round = 0; round < ROUNDS; round++) {
    await server.stop()
    const level = new ClassicLevel(server.dataDir)
    await level.compactRange('a', '~')
    await level.close()
    // A line of the audit trail that is lost stays lost; everything else is whole again.
    expect(
      doctor(server.dataDir).text,
      server.output
        .split('\n')
        .filter((l) => /damaged|anew|mended|made-again/.test(l))
        .join('\n'),
    ).toMatch(/as it was written|1 found to be damaged\nthe audit/)
    const [table = ''] = await tablesOf(server.dataDir)
    const path = join(server.dataDir, table)
    const whole = await readFile(path)
    let at = 0
    const bytes = Buffer.from(whole)
    for (;;) {
      whole.copy(bytes)
      at = random.below(bytes.length)
      if (isPadding(whole, at)) continue
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
      await writeFile(path, bytes)
      const lost = (await checkTables(server.dataDir)).flatMap((found) => found.lost)
      // Accounts, sessions and the database's own numbers are on the server alone.
      if (
        !lost.some(
          ({ after = '', upTo }) => after < 's!' && upTo >= 'm!epoch' && !isOfPages(after, upTo),
        )
      )
        break
    }
    const { status, text } = doctor(server.dataDir)
    expect([status, text.includes(table)], `byte ${at} of ${bytes.length}: ${text}`).toEqual([
      1,
      true,
    ])
    const started = await server.start().then(
      () => true,
      (error: unknown) => {
        // Refused in one line, and as it was.
        expect(String(error)).toMatch(/is damaged|cannot be used/)
        return false
      },
    )
    if (!started) {
      await writeFile(path, whole)
      await server.start()
    }
    await expect
      .poll(async () => (await textsOf(phone)).length, { timeout: 20_000 })
      .toBe(said.length)
    await say(phone, `After round ${round}.`)
    await expect.poll(() => textsOf(desk), { timeout: 30_000 }).toEqual(said)
    // Merges what was damaged with what was not.
    const fresh = await startDevice({ url: server.url, email: 'ada@demo.clinic' })
    await expect.poll(() => textsOf(fresh), { timeout: 30_000 }).toEqual(said)
    fresh.client.close()
  }
}, 240_000)
