import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pageDoc, parseChatId, parseMonth } from '@wardline/core/base/ids'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { verifyAudit } from './audit.ts'
import { ALL_LINES, aboutTerm } from './audit-index.ts'
import {
  auditIndexKey,
  auditKey,
  docKey,
  formatKey,
  lineageKey,
  NO_DOC,
  readAuditLine,
  sealedKey,
  UNSEALED_FORMAT,
  writeAuditLine,
  writeDocMeta,
  writeNumber,
  writeText,
} from './level-layout.ts'
import { LevelStore, type LevelStoreOptions } from './level-store.ts'
import { seal, unseal } from './seal.ts'
import { type StoreHarness, storeContract } from './store-contract.ts'

const makeDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'wardline-store-'))

/** Opens the directory as plain LevelDB, past the store. */
const behindTheStore = async (
  directory: string,
  work: (level: ClassicLevel<string, Uint8Array>) => Promise<void>,
): Promise<void> => {
  const level = new ClassicLevel<string, Uint8Array>(directory, { valueEncoding: 'view' })
  await level.open()
  await work(level)
  await level.close()
}

const harnessIn = async (directory: string): Promise<StoreHarness> => {
  const store = await LevelStore.open(directory, { create: true })
  const reopen = async (): Promise<StoreHarness> => {
    await store.close()
    return harnessIn(directory)
  }
  return {
    store,
    reopen,
    async tamperWithAudit(n, text) {
      await store.close()
      await behindTheStore(directory, async (level) => {
        const key = auditKey(n)
        const line = readAuditLine(unseal(key, (await level.get(key))!, true))
        await level.put(key, seal(key, writeAuditLine({ ...line, text })))
      })
      return reopen()
    },
    async dispose() {
      await store.close()
      await rm(directory, { recursive: true })
    },
  }
}

/** Has something else done in the place of each write of a batch, which may write all the same. */
const insteadOfWrites = (
  instead: (write: () => Promise<void>, options: unknown) => Promise<void>,
) => {
  type Batch = ReturnType<typeof ClassicLevel.prototype.batch>
  const real = ClassicLevel.prototype.batch
  const begin = function (this: ClassicLevel): Batch {
    const batch: Batch = Reflect.apply(real, this, [])
    const write = batch.write.bind(batch)
    batch.write = (options: Parameters<Batch['write']>[0] = {}) =>
      instead(() => write(options), options)
    return batch
  }
  return vi
    .spyOn(ClassicLevel.prototype, 'batch')
    .mockImplementation(begin as unknown as typeof ClassicLevel.prototype.batch)
}

storeContract('level store', async () => harnessIn(await makeDirectory()))

const page = pageDoc(parseChatId('dm.anna.drbob')!, parseMonth('2025-11')!)
const appendOf = (...values: number[]) => ({
  appends: [{ doc: page, update: Uint8Array.from(values) }],
})

describe('level store', () => {
  let directory: string
  let stores: LevelStore[]

  const open = async (options: LevelStoreOptions = {}): Promise<LevelStore> => {
    const store = await LevelStore.open(directory, { create: true, ...options })
    stores.push(store)
    return store
  }

  beforeEach(async () => {
    directory = await makeDirectory()
    stores = []
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    for (const store of stores) await store.close()
    await rm(directory, { recursive: true })
  })

  it('opens what was written before there were incarnations, and knows its cursors', async () => {
    const first = await open()
    for (const value of [1, 2, 3]) await first.commit(appendOf(value))
    await first.close()
    await behindTheStore(directory, async (level) => {
      await level.del(lineageKey)
      await level.del(sealedKey)
      await level.put(formatKey, writeText(UNSEALED_FORMAT))
      // A document as it was written then: without runs.
      await level.put(docKey(page), writeDocMeta({ ...NO_DOC, head: 3, seq: 3, tailBytes: 3 }))
    })
    const store = await open()
    expect(store.lineage.locate('3', store.lastSeq())).toEqual({ no: 0, seq: 3 })
    await store.commit(appendOf(4))
    expect(store.lineage.locate('4', store.lastSeq())).toBeUndefined()
    expect(await store.writtenBy(page, 3)).toBe(0)
    expect(await store.writtenBy(page, 4)).toBe(store.lineage.current.no)
    expect((await store.read(page)).tail).toHaveLength(4)
  })

  it('puts audit lines into the index that a version without one has written', async () => {
    const directory = await makeDirectory()
    const first = await LevelStore.open(directory, { create: true })
    const written = (n: number) => ({ at: n, actor: 'u-ada', action: 'login.succeeded' })
    const lines = Array.from({ length: 1_100 }, (_, i) => written(i + 1))
    await first.commit({ audit: lines })
    await first.close()
    await behindTheStore(directory, async (level) => {
      for (const key of await level.keys({ gte: 'i!', lt: 'i"' }).all()) await level.del(key)
      await level.put(auditIndexKey, seal(auditIndexKey, writeNumber(3)))
      const key = auditKey(700)
      const line = readAuditLine(unseal(key, (await level.get(key))!, true))
      await level.put(key, seal(key, writeAuditLine({ ...line, text: 'no JSON' })))
    })
    const second = await LevelStore.open(directory)
    const found = await second.findAudit({ term: aboutTerm('u-ada') }, 2_000)
    // Without the first three, which are said to be in it, and the one that is none any more.
    expect(found.map(({ n }) => n)).toEqual(
      Array.from({ length: 1_097 }, (_, i) => 1_100 - i).filter((n) => n !== 700),
    )
    await second.pruneAudit(900)
    expect(await second.findAudit({ term: ALL_LINES, until: 901 }, 9)).toEqual([])
    await second.close()
    await rm(directory, { recursive: true })
  })

  it('is another incarnation after it failed and recovered', async () => {
    const store = await open({ wait: async () => {} })
    await store.commit(appendOf(1))
    const { current } = store.lineage
    let failing = true
    insteadOfWrites(async (write) => {
      if (!failing) return await write()
      failing = false
      throw new Error('no')
    })
    await expect(store.commit(appendOf(2))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    await vi.waitFor(
      async () => expect(await store.commit(appendOf(3))).toMatchObject({ seq: 2 }),
      { timeout: 10_000 },
    )
    expect(store.lineage.current.no).toBe(current.no + 1)
    expect(await store.writtenBy(page, 1)).toBe(current.no)
    expect(await store.writtenBy(page, 2)).toBe(current.no + 1)
  })

  it('refuses a directory that is open elsewhere, and leaves the first one working', async () => {
    const first = await open()
    await expect(LevelStore.open(directory, { create: true })).rejects.toMatchObject({
      code: 'STORE_LOCKED',
      message: `${directory} is in use by another process`,
    })
    expect(await first.commit(appendOf(1))).toMatchObject({ kind: 'committed' })
  })

  it('refuses a format it does not know', async () => {
    await (await open()).close()
    await behindTheStore(directory, (level) => level.put(formatKey, writeText('99')))
    await expect(LevelStore.open(directory, { create: true })).rejects.toMatchObject({
      code: 'STORE_FORMAT',
    })
  })

  it('refuses the database of another program, and leaves it as it is', async () => {
    await behindTheStore(directory, (level) => level.put('some', writeText('thing')))
    await expect(LevelStore.open(directory, { create: true })).rejects.toMatchObject({
      code: 'STORE_FORMAT',
    })
    await behindTheStore(directory, async (level) => {
      expect(await level.keys().all()).toEqual(['some'])
    })
  })

  it('says when a directory cannot be opened', async () => {
    await expect(LevelStore.open('/dev/null/store')).rejects.toMatchObject({ code: 'STORE_OPEN' })
  })

  it('has a new epoch after a restore', async () => {
    const first = await open()
    const { epoch } = first
    await first.close()
    const second = await open({ newEpoch: true })
    expect(second.epoch).not.toBe(epoch)
    const renewed = second.epoch
    await second.close()
    expect((await open()).epoch).toBe(renewed)
  })

  it('refuses work when too much is waiting, and goes on', async () => {
    const store = await open()
    const large = { appends: [{ doc: page, update: new Uint8Array(1024 * 1024) }] }
    const results = await Promise.allSettled(Array.from({ length: 70 }, () => store.commit(large)))
    const stored = results.filter(({ status }) => status === 'fulfilled')
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result] : []))
    expect(refused.length).toBeGreaterThan(0)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'STORE_OVERLOADED' })
    expect(await store.head(page)).toBe(stored.length)
    expect(await store.commit(appendOf(1))).toMatchObject({ kind: 'committed' })
  })

  it('writes what is waiting in one batch', async () => {
    const store = await open()
    const written: unknown[] = []
    insteadOfWrites(async (write, options) => {
      written.push(options)
      await write()
    })
    await Promise.all(Array.from({ length: 100 }, (_, i) => store.commit(appendOf(i))))
    expect(written).toEqual([{ sync: true }])
  })

  describe('after a failed write', () => {
    /** Makes batches fail while `failing` returns true; `applied`: after they were written. */
    const failWhile = (failing: () => boolean, applied: boolean): void => {
      insteadOfWrites(async (write) => {
        if (!failing()) return await write()
        if (applied) await write()
        throw Object.assign(new Error('IO error'), { code: 'LEVEL_IO_ERROR' })
      })
    }

    /** Waits between attempts that end when the test says so. */
    const steppedWait = () => {
      const waits: { ms: number; end: () => void }[] = []
      let arrived = (): void => {}
      return {
        wait: (ms: number, signal: AbortSignal) =>
          new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => resolve())
            waits.push({ ms, end: resolve })
            arrived()
          }),
        /** Ends the next wait, once there is one, and says how long it would have been. */
        async step(): Promise<number> {
          while (waits.length === 0) {
            await new Promise<void>((resolve) => {
              arrived = resolve
            })
          }
          const { ms, end } = waits.shift()!
          end()
          return ms
        },
      }
    }

    const recovered = (store: LevelStore): Promise<void> =>
      new Promise((resolve) => {
        const stop = store.onReset((phase) => {
          if (phase !== 'recovered') return
          stop()
          resolve()
        })
      })

    it.each([
      ['that left nothing', false],
      ['that is there all the same', true],
    ])('%s: rejects all that waits, recovers, loses nothing acknowledged', async (_, applied) => {
      const store = await open()
      await store.commit({ ...appendOf(1), audit: [{ at: 1, actor: 'server', action: 'x' }] })
      let failing = true
      failWhile(() => failing, applied)
      const phases: string[] = []
      store.onReset((phase) => phases.push(phase))
      const back = recovered(store)

      const waiting = [2, 3, 4].map((n) => store.commit(appendOf(n)))
      const results = await Promise.allSettled(waiting)
      for (const result of results) {
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } })
      }
      expect(phases).toEqual(['lost'])
      await expect(store.commit(appendOf(9))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      await expect(store.read(page)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      expect(await store.health()).toMatchObject({ ok: false, code: 'STORE_UNAVAILABLE' })

      failing = false
      await back
      expect(phases).toEqual(['lost', 'recovered'])
      const head = applied ? 4 : 1
      expect(store.lastSeq()).toBe(head)
      expect((await store.read(page)).tail.map((row) => row.update[0])).toEqual(
        [1, 2, 3, 4].slice(0, head),
      )
      expect(await store.commit(appendOf(5))).toMatchObject({ heads: [head + 1] })
      expect(await verifyAudit(store)).toMatchObject({ kind: 'intact' })
      expect(await store.health()).toMatchObject({ ok: true })
    })

    it('tells the listeners before those who wait', async () => {
      const store = await open()
      failWhile(() => true, false)
      const order: string[] = []
      store.onReset((phase) => order.push(phase))
      await store.commit(appendOf(1)).catch(() => order.push('rejected'))
      expect(order).toEqual(['lost', 'rejected'])
    })

    it('tries again with backoff for as long as it takes, and can be read between', async () => {
      const clock = steppedWait()
      const failures: unknown[] = []
      const store = await open({ wait: clock.wait, onFailure: (error) => failures.push(error) })
      await store.commit(appendOf(1))
      let failing = true
      failWhile(() => failing, false)
      const back = recovered(store)
      await expect(store.commit(appendOf(2))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      const waits: number[] = []
      for (let i = 0; i < 9; i++) waits.push(await clock.step())
      expect(waits).toEqual([0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000])
      await vi.waitFor(() => expect(failures).toHaveLength(10))
      expect(await store.head(page)).toBe(1)
      failing = false
      await clock.step()
      await back
      expect(await store.commit(appendOf(2))).toMatchObject({ heads: [2] })
    })

    it('can be closed while it recovers', async () => {
      const clock = steppedWait()
      const store = await open({ wait: clock.wait })
      await store.commit(appendOf(1))
      failWhile(() => true, false)
      await expect(store.commit(appendOf(2))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      await clock.step()
      await store.close()
      vi.restoreAllMocks()
      expect(await (await open()).head(page)).toBe(1)
    })

    it('does not take an empty directory for what it lost', async () => {
      const clock = steppedWait()
      const store = await open({ wait: clock.wait })
      await store.commit(appendOf(1))
      let failing = true
      failWhile(() => failing, false)
      await expect(store.commit(appendOf(2))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      await rm(directory, { recursive: true })
      failing = false
      await clock.step()
      await clock.step()
      await expect(store.read(page)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
      await store.close()
      await (await open()).close()
    })

    it('has a new epoch when the disk gave back less than it had confirmed', async () => {
      const store = await open()
      const { epoch } = store
      // A disk that confirms and forgets: the second commit never reaches the log.
      const real = ClassicLevel.prototype.batch
      await store.commit(appendOf(1))
      const forget = insteadOfWrites(async () => {})
      await store.commit(appendOf(2))
      forget.mockRestore()
      expect(ClassicLevel.prototype.batch).toBe(real)
      let failing = true
      failWhile(() => failing, false)
      const back = recovered(store)
      await store.commit(appendOf(3)).catch(() => {})
      failing = false
      await back
      expect(await store.head(page)).toBe(1)
      // The one that is left, and the line that says so.
      expect(store.lastSeq()).toBe(2)
      expect(store.epoch).not.toBe(epoch)
    })
  })
})
