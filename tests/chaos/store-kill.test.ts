import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { DocName } from '@wardline/core/base/ids'
import { verifyAudit } from '@wardline/sync-server/storage/audit'
import { LevelStore } from '@wardline/sync-server/storage/level-store'
import { KEEP_ROWS } from '@wardline/sync-server/storage/store'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')

/** When a file was changed, in milliseconds since 1970; 0 when it does not exist. */
const changedAt = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** The child runs what was built: Node 20 reads no TypeScript. */
const buildIfNeeded = (): void => {
  const stale = ['level-store', 'level-database', 'group-commit', 'staging', 'level-layout'].some(
    (name) =>
      changedAt(join(root, `sync-server/dist/storage/${name}.js`)) <
      changedAt(join(root, `sync-server/src/storage/${name}.ts`)),
  )
  if (stale) spawnSync('npx', ['tsc', '-b', 'sync-server'], { cwd: root })
}

interface Acknowledged {
  readonly commit: number
  readonly doc: DocName
  readonly head: number
}

/** A process that commits until it is killed, and what it said so far. */
class Committer {
  readonly acknowledged: Acknowledged[] = []
  readonly said: string[] = []
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  #heard = (): void => {}

  constructor(directory: string, first: number, faults: string) {
    const preload = join(here, 'faults.mjs')
    const args = ['--import', preload, join(here, 'commit-loop.mjs'), directory, String(first)]
    this.#child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, WARDLINE_FAULT_DIR: faults },
    })
    const lines = createInterface({ input: this.#child.stdout! })
    this.#ended = Promise.all([once(this.#child, 'exit'), once(lines, 'close')])
    lines.on('line', (line) => {
      const [word, commit, doc, head] = line.split(' ')
      if (word === 'stored') {
        this.acknowledged.push({ commit: Number(commit), doc: doc as DocName, head: Number(head) })
      } else {
        this.said.push(line)
      }
      this.#heard()
    })
    this.#child.on('exit', () => this.#heard())
  }

  /** Resolves as soon as the condition holds; rejects if the process ends before. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#child.exitCode !== null) throw new Error(`the process ended: ${this.said}`)
      await new Promise<void>((resolve) => {
        this.#heard = resolve
      })
    }
  }

  /** kill -9, then whatever it had said before. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }
}

/** Everything acknowledged is there, whole, and nothing is there in part. */
const expectAllThere = async (directory: string, all: readonly Acknowledged[]): Promise<number> => {
  const store = await LevelStore.open(directory, { create: true })
  try {
    for (const { commit, doc } of all) {
      expect(await store.getRecord(`commit/${commit}`), `commit ${commit}`).toMatchObject({
        value: doc,
      })
    }
    const byRow = new Map(all.map(({ commit, doc, head }) => [`${doc} ${head}`, commit]))
    expect(byRow.size).toBe(all.length)
    let rows = 0
    for (const doc of new Set(all.map((each) => each.doc))) {
      const { head, snapshot, tail } = await store.read(doc)
      rows += head
      expect(tail.map((row) => row.head)).toEqual(
        Array.from(
          { length: head - (snapshot?.head ?? 0) },
          (_, i) => (snapshot?.head ?? 0) + i + 1,
        ),
      )
      const oldest = Math.max((snapshot?.head ?? 0) - KEEP_ROWS, 0)
      for (const row of (await store.readAfter(doc, oldest)) ?? []) {
        const commit = Number(new TextDecoder().decode(row.update))
        expect(byRow.get(`${doc} ${row.head}`) ?? commit).toBe(commit)
      }
      const highest = Math.max(...all.filter((each) => each.doc === doc).map((each) => each.head))
      expect(head).toBeGreaterThanOrEqual(highest)
    }
    const records = await store.listRecords('commit/')
    expect([store.lastSeq(), records.length, (await store.auditTip()).n]).toEqual([
      rows,
      rows,
      rows,
    ])
    expect(await verifyAudit(store)).toMatchObject({ kind: 'intact' })
    return 1 + Math.max(...records.map(({ key }) => Number(key.slice('commit/'.length))))
  } finally {
    await store.close()
  }
}

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))

/** Whole numbers below `limit`, the same ones for the same seed (a linear congruential generator). */
const numbersFrom = (start: number) => {
  let state = start
  return (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

describe(`a store whose process dies (SEED=${seed})`, () => {
  let directory: string
  let faults: string
  let committer: Committer | undefined

  beforeAll(buildIfNeeded)
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'wardline-kill-'))
    faults = await mkdtemp(join(tmpdir(), 'wardline-faults-'))
  })
  afterEach(async () => {
    await committer?.kill()
    await rm(directory, { recursive: true })
    await rm(faults, { recursive: true })
  })

  it('has everything it acknowledged, however often it is killed', async () => {
    const random = numbersFrom(seed)
    const all: Acknowledged[] = []
    let first = 0
    for (let round = 0; round < 6; round++) {
      const current = new Committer(directory, first, faults)
      committer = current
      const enough = 1 + random(round % 2 === 0 ? 200 : 4000)
      await current.until(() => current.acknowledged.length >= enough)
      await current.kill()
      all.push(...current.acknowledged)
      first = await expectAllThere(directory, all)
    }
  })

  it.each(['fsync-fails', 'disk-full', 'torn-write'])(
    'goes on after %s, and loses nothing acknowledged',
    async (fault) => {
      const current = new Committer(directory, 0, faults)
      committer = current
      for (let round = 1; round <= 3; round++) {
        const before = current.acknowledged.length
        await current.until(() => current.acknowledged.length > before + 100)
        await writeFile(join(faults, fault), '')
        const count = (word: string): number => current.said.filter((line) => line === word).length
        await current.until(() => count('lost') === round)
        await rm(join(faults, fault))
        await current.until(() => count('recovered') === round)
      }
      const before = current.acknowledged.length
      await current.until(() => current.acknowledged.length > before + 100)
      await current.kill()
      expect(current.said).toContain('failed STORE_UNAVAILABLE')
      await expectAllThere(directory, current.acknowledged)
    },
  )

  it('waits until the database can be opened again', async () => {
    const current = new Committer(directory, 0, faults)
    committer = current
    await current.until(() => current.acknowledged.length > 100)
    await writeFile(join(faults, 'open-fails'), '')
    await writeFile(join(faults, 'disk-full'), '')
    await current.until(() => current.said.includes('lost'))
    await rm(join(faults, 'disk-full'))
    await rm(join(faults, 'open-fails'))
    await current.until(() => current.said.includes('recovered'))
    const before = current.acknowledged.length
    await current.until(() => current.acknowledged.length > before)
    await current.kill()
    await expectAllThere(directory, current.acknowledged)
  })
})
