import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pageDoc, parseChatId, parseMonth } from '@wardline/core/base/ids'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { beginMaking, lookInto } from './data-folder.ts'
import { LevelStore } from './level-store.ts'

const page = pageDoc(parseChatId('dm.anna.drbob')!, parseMonth('2025-11')!)

let root = ''
/** A database with a row in it, of a process that ended. */
let data = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'wardline-folder-'))
  data = join(root, 'data')
  const store = await LevelStore.open(data, { create: true })
  await store.commit({ appends: [{ doc: page, update: Uint8Array.of(1, 2, 3) }] })
  await store.close()
})
afterEach(() => rm(root, { recursive: true }))

/** Names, sizes, times of change and contents of all that is in a folder. */
const pictureOf = async (folder: string): Promise<unknown> => {
  const names = (await readdir(folder, { recursive: true })).sort()
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      const { size, mtimeMs, ctimeMs, mode } = await stat(path)
      const bytes = (await stat(path)).isFile() ? await readFile(path) : ''
      return [name, size, mtimeMs, ctimeMs, mode, createHash('sha256').update(bytes).digest('hex')]
    }),
  )
}

const expectRefusedUntouched = async (folder: string, code: string, why: RegExp): Promise<void> => {
  const before = await pictureOf(folder)
  for (const create of [true, false])
    await expect(LevelStore.open(folder, { create })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(why),
    })
  expect(await pictureOf(folder)).toEqual(before)
}

describe('a copy that was cut short', () => {
  it('is refused without its CURRENT file, and nothing of it is touched', async () => {
    await rm(join(data, 'CURRENT'))
    await expectRefusedUntouched(data, 'STORE_FORMAT', /no CURRENT file/)
  })

  it('is refused whatever else came along', async () => {
    for (const name of await readdir(data)) {
      if (name === 'CURRENT') continue
      const half = join(root, `half-${name}`)
      await mkdir(half)
      await copyFile(join(data, name), join(half, name))
      await expectRefusedUntouched(half, 'STORE_FORMAT', /no CURRENT file|but no database/)
    }
  })

  it('is refused when only what lies beside the tables came', async () => {
    for (const name of ['jwt-secret', 'vapid-keys.json', 'notes.txt']) {
      const half = join(root, `beside-${name}`)
      await mkdir(half)
      await writeFile(join(half, name), 'x')
      await expectRefusedUntouched(half, 'STORE_FORMAT', /but no database/)
    }
    const half = join(root, 'files-only')
    await mkdir(join(half, 'files', 'ab'), { recursive: true })
    await expectRefusedUntouched(half, 'STORE_FORMAT', /but no database/)
  })

  it('is refused when CURRENT names what is not there', async () => {
    for (const name of await readdir(data))
      if (name.startsWith('MANIFEST')) await rm(join(data, name))
    for (const create of [true, false])
      await expect(LevelStore.open(data, { create })).rejects.toMatchObject({
        code: expect.stringMatching(/^STORE_(OPEN|CORRUPT)$/),
      })
  })

  it('is refused when the file that holds everything is gone, and stays as it is', async () => {
    for (const name of await readdir(data))
      if (/\.(ldb|log)$/.test(name)) await rm(join(data, name))
    for (const create of [true, false])
      await expect(LevelStore.open(data, { create })).rejects.toMatchObject({
        code: expect.stringMatching(/^STORE_(FORMAT|OPEN|CORRUPT)$/),
      })
  })
})

describe('where there is nothing', () => {
  it('makes no database unless that is what was wanted', async () => {
    const empty = join(root, 'empty')
    await mkdir(empty)
    for (const folder of [join(root, 'absent'), empty])
      await expect(LevelStore.open(folder)).rejects.toMatchObject({ code: 'STORE_MISSING' })
    expect(await readdir(empty)).toEqual([])
    expect(await readdir(root)).not.toContain('absent')
  })

  it('makes one in an absent folder, an empty one and an empty file system', async () => {
    const disk = join(root, 'disk')
    await mkdir(join(disk, 'lost+found'), { recursive: true })
    const empty = join(root, 'empty')
    await mkdir(empty)
    for (const folder of [join(root, 'deep', 'absent'), empty, disk]) {
      const store = await LevelStore.open(folder, { create: true })
      await store.close()
      expect(await readdir(folder)).not.toContain('making')
      expect(await lookInto(folder)).toEqual({ kind: 'database' })
    }
  })

  it('goes on where making one was cut short', async () => {
    // In the order in which LevelDB makes its first files.
    const steps = ['LOCK', 'LOG', 'MANIFEST-000001', '000001.dbtmp']
    for (let made = 0; made <= steps.length; made++) {
      const folder = join(root, `cut-${made}`)
      await beginMaking(folder)
      for (const name of steps.slice(0, made)) await writeFile(join(folder, name), '')
      expect(await lookInto(folder)).toEqual({ kind: 'new' })
      await expect(LevelStore.open(folder)).rejects.toMatchObject({ code: 'STORE_MISSING' })
      const store = await LevelStore.open(folder, { create: true })
      await store.close()
      expect(await readdir(folder)).not.toContain('making')
    }
  })

  it('takes nothing for cut short that may hold what was written', async () => {
    await writeFile(join(data, 'making'), '')
    await writeFile(join(data, 'jwt-secret'), 'x')
    const store = await LevelStore.open(data, { create: true })
    expect(await store.head(page)).toBe(1)
    await store.close()
    expect(await readdir(data)).not.toContain('making')
  })

  it('takes a log without CURRENT for what it is, whatever lies beside it', async () => {
    await writeFile(join(data, 'making'), '')
    await rm(join(data, 'CURRENT'))
    await expectRefusedUntouched(data, 'STORE_FORMAT', /no CURRENT file/)
  })
})
