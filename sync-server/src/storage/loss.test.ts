/** What is said when a database is opened that is not what it was. */
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pageDoc, parseChatId, parseMonth } from '@wardline/core/base/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyAudit } from './audit.ts'
import { LevelStore } from './level-store.ts'
import type { Loss } from './loss.ts'
import { readRecovery } from './recovery.ts'
import type { Store } from './store.ts'

const page = pageDoc(parseChatId('dm.anna.drbob')!, parseMonth('2025-11')!)

let directory: string
let losses: Loss[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wardline-loss-'))
  losses = []
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const open = (): Promise<LevelStore> =>
  LevelStore.open(directory, { create: true, onLoss: (loss) => losses.push(loss) })

const write = async (store: Store, count: number): Promise<void> => {
  for (let i = 0; i < count; i++)
    await store.commit({ appends: [{ doc: page, update: new Uint8Array(200).fill(i) }] })
}

const log = async (): Promise<string> =>
  join(directory, (await readdir(directory)).filter((name) => name.endsWith('.log')).at(-1) ?? '')

/** The same database, with what it said so far. */
const again = async () => {
  const store = await open()
  const recovery = await readRecovery(store)
  const actions: string[] = []
  for await (const { text } of store.readAudit())
    actions.push((JSON.parse(text) as { action: string }).action)
  const { epoch } = store
  expect((await verifyAudit(store)).kind).toBe('intact')
  await store.close()
  return { recovery, actions, epoch }
}

describe('a database that is opened', () => {
  it('as it was left has nothing to say', async () => {
    const store = await open()
    await write(store, 20)
    const { epoch } = store
    await store.close()
    expect(await again()).toEqual({ recovery: undefined, actions: [], epoch })
    expect(losses).toEqual([])
  })

  for (const [name, damage] of [
    ['cut', async () => truncate(await log(), 3_000)],
    [
      'zeroed',
      async () => {
        const bytes = await readFile(await log())
        await writeFile(await log(), bytes.fill(0, 3_000))
      },
    ],
    ['deleted', async () => rm(await log())],
  ] as const)
    it(`with its end ${name} says how much is missing, and has a new epoch`, async () => {
      const store = await open()
      await write(store, 5)
      await store.close()
      const second = await open()
      await write(second, 40)
      const { epoch } = second
      await second.close()
      await damage()
      const found = await again()
      expect(losses).toHaveLength(1)
      const [loss] = losses
      expect(loss?.missing).toBeGreaterThan(20)
      expect(loss?.missing).toBeLessThanOrEqual(40)
      expect(found.epoch).not.toBe(epoch)
      expect(found.actions).toEqual(['store.lost'])
      expect(found.recovery).toMatchObject({ reason: 'lost', missing: loss?.missing })
      // It is said once.
      expect((await again()).epoch).toBe(found.epoch)
      expect(losses).toHaveLength(1)
    })

  it('with a hole in its log says so, though its last change is there', async () => {
    const store = await open()
    await write(store, 300)
    const { epoch } = store
    await store.close()
    const bytes = await readFile(await log())
    bytes.fill(0x5a, 10_000, 10_020)
    await writeFile(await log(), bytes)
    expect((await again()).epoch).not.toBe(epoch)
    expect(losses).toHaveLength(1)
    expect(losses[0]?.dropped).toBeGreaterThan(0)
  })

  it('and is an old copy beside a newer file says so; one that was announced does not', async () => {
    const store = await open()
    await write(store, 5)
    await store.close()
    const copy = `${directory}-copy`
    await cp(directory, copy, { recursive: true })
    try {
      const second = await open()
      await write(second, 5)
      await second.close()
      const mark = await readFile(join(directory, 'durable'))
      await rm(directory, { recursive: true })
      await cp(copy, directory, { recursive: true })
      await writeFile(join(directory, 'durable'), mark)
      await again()
      expect(losses).toMatchObject([{ missing: 5 }])
      const restored = await LevelStore.open(directory, { newEpoch: true })
      expect(await readRecovery(restored)).toMatchObject({ reason: 'restored' })
      await restored.close()
      await again()
      expect(losses).toHaveLength(1)
    } finally {
      await rm(copy, { recursive: true })
    }
  })

  it('without the file, or with one that cannot be read, knows of nothing', async () => {
    const store = await open()
    await write(store, 5)
    await store.close()
    await writeFile(join(directory, 'durable'), 'nonsense')
    await again()
    await rm(join(directory, 'durable'))
    await again()
    expect(losses).toEqual([])
  })
})
