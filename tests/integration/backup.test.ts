/**
 * Backups of a server that runs, by the command as an operator calls it; and the way back from one.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { directChatId, parseUserId } from '@wardline/core/base/ids'
import { readLastBackup } from '@wardline/sync-server/backup/last-backup'
import { LevelStore } from '@wardline/sync-server/storage/level-store'
import { ClassicLevel } from 'classic-level'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { copyData } from '../support/copy-data.ts'
import { type NodeDevice, startDevice, until } from '../support/node-device.ts'
import { ServerProcess } from '../support/server-process.ts'
import { FileCaller, sha256, textOf } from './files-kit.ts'

// A dozen processes, one after the other: more than a minute on a machine that has much to do.
vi.setConfig({ testTimeout: 180_000 })

const admin = resolve(import.meta.dirname, '../../sync-server/dist/admin.js')
const ada = { id: parseUserId('dr-ada')!, name: 'Dr Ada Osei', role: 'doctor' as const }
const pat = { id: parseUserId('pat-morgan')!, name: 'Pat Morgan', role: 'patient' as const }
const chat = directChatId(pat.id, ada.id)

let folder = ''
const cleanUp: (() => Promise<void> | void)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardline-backups-'))
  cleanUp.push(() => rm(folder, { recursive: true, force: true }))
})
afterEach(async () => {
  for (const task of cleanUp.splice(0).reverse()) await task()
})

interface Ran {
  readonly code: number | null
  readonly text: string
}

const begin = (
  dataDir: string,
  args: readonly string[],
): { child: ChildProcess; done: Promise<Ran> } => {
  const child = spawn(process.execPath, [admin, ...args], {
    env: { PATH: process.env.PATH ?? '', DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout?.on('data', (chunk) => (text += chunk))
  child.stderr?.on('data', (chunk) => (text += chunk))
  const done = once(child, 'close').then(([code]) => ({ code: code as number | null, text }))
  return { child, done }
}
const run = (dataDir: string, ...args: string[]): Promise<Ran> => begin(dataDir, args).done

const device = async (server: ServerProcess, email: string): Promise<NodeDevice> => {
  const started = await startDevice({ url: server.url, email })
  cleanUp.push(() => started.client.close())
  return started
}

const textsOf = async ({ client }: NodeDevice): Promise<string[]> => {
  const conversation = await client.openConversation(chat)
  await client.idle()
  return (conversation?.view()?.items ?? []).flatMap((item) =>
    item.type === 'message' ? [item.text] : [],
  )
}

/** Puts a backup where the data was, as an operator does. */
const putBack = async (backup: string, dataDir: string): Promise<void> => {
  await rm(dataDir, { recursive: true })
  await copyData(backup, dataDir)
}

/** Data that takes a while to copy, before the server has it. */
const fill = async (dataDir: string, mebibytes: number): Promise<void> => {
  const store = await LevelStore.open(dataDir, { create: true })
  for (let i = 0; i < mebibytes * 4; i++)
    await store.commit({
      records: [{ key: `filler/${i}`, value: Buffer.alloc(196_608, i).toString('base64') }],
    })
  await store.close()
  const level = new ClassicLevel(dataDir)
  await level.compactRange('a', '~')
  await level.close()
}

const startOn = async (
  mebibytes: number,
  options: Parameters<typeof ServerProcess.start>[0] = {},
): Promise<ServerProcess> => {
  const server = await ServerProcess.start()
  cleanUp.push(() => server.remove())
  await server.stop()
  await fill(server.dataDir, mebibytes)
  Object.assign(server.options, options)
  await server.start()
  return server
}

it.each([
  ['and says so', true],
  ['and says nothing', false],
])(
  '[EPOCH-1] whoever puts a backup back %s gets from the devices what it lacks',
  async (_, isSaid) => {
    const server = await ServerProcess.start()
    cleanUp.push(() => server.remove())
    const phone = await device(server, 'pat@demo.clinic')
    const desk = await device(server, 'ada@demo.clinic')
    const tablet = await device(server, 'pat@demo.clinic')
    phone.client.startChat(ada)
    // Two devices of one person go on where the other one was.
    const said = ['one', 'two', 'three', 'four']
    for (const [i, text] of said.entries()) {
      const from = i % 2 === 0 ? phone : tablet
      await from.client.send(chat, text)
      for (const each of [phone, tablet])
        await expect.poll(() => textsOf(each), { timeout: 20_000 }).toContain(text)
    }
    await until(tablet.client, () => tablet.client.shell().waiting === 0)
    const letter = textOf(50_000)
    const caller = await FileCaller.signIn(() => server.url, 'pat@demo.clinic')
    expect((await caller.upload(letter)).status).toBe(204)
    // Lively: somebody writes all the time that it takes.
    let writing = true
    let written = 0
    const busy = (async () => {
      while (writing) {
        await phone.client.send(chat, `meanwhile ${++written}`)
        await until(phone.client, () => phone.client.shell().waiting === 0)
      }
    })()
    const backup = join(folder, 'monday')
    const made = await run(server.dataDir, 'backup', backup)
    writing = false
    await busy
    expect(made).toEqual({ code: 0, text: expect.stringContaining(`with 1 files, up to change`) })
    expect(existsSync(join(backup, 'backup-unfinished'))).toBe(false)
    expect(JSON.parse(await readFile(join(backup, 'backup.json'), 'utf8'))).toMatchObject({
      files: 1,
      problems: [],
    })
    await desk.client.send(chat, 'after')
    await until(desk.client, () => desk.client.shell().waiting === 0)
    await expect.poll(() => textsOf(phone), { timeout: 20_000 }).toContain('after')
    const all = await textsOf(phone)
    expect(all.length).toBe(written + said.length + 1)

    await server.kill()
    await putBack(backup, server.dataDir)
    // Whatever looks at it leaves it the backup that it is.
    expect(await run(server.dataDir, 'doctor')).toMatchObject({ code: 0 })
    if (isSaid) expect(await run(server.dataDir, 'restored')).toMatchObject({ code: 0 })
    await server.start()
    if (!isSaid) expect(server.output).toContain('store.restored')
    expect(existsSync(join(server.dataDir, 'backup.json'))).toBe(false)
    const fresh = await device(server, 'ada@demo.clinic')
    await expect.poll(() => textsOf(fresh), { timeout: 30_000 }).toEqual(all)
    for (const each of [phone, desk])
      await expect.poll(() => textsOf(each), { timeout: 30_000 }).toEqual(all)
    const again = await FileCaller.signIn(() => server.url, 'pat@demo.clinic')
    const response = await again.file('GET', sha256(letter))
    expect(sha256(new Uint8Array(await response.arrayBuffer()))).toBe(sha256(letter))
    const recovery = await run(server.dataDir, 'recovery')
    expect(recovery.text).toContain('a backup was put in place')
    expect(await run(server.dataDir, 'verify-audit')).toMatchObject({ code: 0 })
    expect(await run(server.dataDir, 'doctor')).toMatchObject({
      code: 0,
      text: expect.stringContaining('everything is as it was written'),
    })
    // A second start is an ordinary one.
    const { length } = server.output
    await server.stop()
    await server.start()
    expect(server.output.slice(length)).not.toContain('store.restored')
  },
)

it('a backup whose command or server is killed is none, and the server goes on', async () => {
  const server = await startOn(48)
  const first = join(folder, 'first')
  const killed = begin(server.dataDir, ['backup', first])
  await expect
    .poll(() => existsSync(join(first, 'LOCK')), { interval: 5, timeout: 20_000 })
    .toBe(true)
  killed.child.kill('SIGKILL')
  await killed.done
  expect(existsSync(join(first, 'backup-unfinished'))).toBe(true)
  expect((await run(server.dataDir, 'backup', first)).text).toMatch(/was not finished: delete it/)
  const second = join(folder, 'second')
  const cut = begin(server.dataDir, ['backup', second])
  await expect
    .poll(() => existsSync(join(second, 'LOCK')), { interval: 5, timeout: 20_000 })
    .toBe(true)
  await server.kill()
  expect(await cut.done).toMatchObject({
    code: 1,
    text: expect.stringMatching(/the server ended before it answered/),
  })
  // Neither is taken for a database.
  for (const half of [first, second]) {
    expect((await run(half, 'restored')).text).toMatch(/is a backup that was not finished/)
    expect((await run(half, 'verify-audit')).text).toMatch(/is a backup that was not finished/)
  }
  await server.start()
  expect(await run(server.dataDir, 'backup', join(folder, 'third'))).toMatchObject({ code: 0 })
  expect(await run(join(folder, 'third'), 'doctor')).toMatchObject({ code: 0 })
})

it('a disk that is full is said, and noted, and the server goes on', async () => {
  const server = await startOn(12, { largestFile: 1_500 })
  const phone = await device(server, 'pat@demo.clinic')
  phone.client.startChat(ada)
  const full = await run(server.dataDir, 'backup', join(folder, 'full'))
  expect(full).toMatchObject({
    code: 1,
    text: expect.stringMatching(/full cannot be written: .*large/),
  })
  expect(existsSync(join(folder, 'full', 'backup-unfinished'))).toBe(true)
  await phone.client.send(chat, 'still there')
  await until(phone.client, () => phone.client.shell().waiting === 0)
  await server.stop()
  const store = await LevelStore.open(server.dataDir)
  const { made, failed } = await readLastBackup(store)
  expect([made, failed?.failed]).toEqual([undefined, expect.stringMatching(/cannot be written/)])
  await store.close()
})

it('a second server on the same data takes nothing from the first one', async () => {
  const server = await ServerProcess.start()
  cleanUp.push(() => server.remove())
  const main = resolve(import.meta.dirname, '../../sync-server/dist/main.js')
  const second = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH ?? '', DATA_DIR: server.dataDir, PORT: '0', HOST: '127.0.0.1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  second.stderr.on('data', (chunk) => {
    said += chunk
  })
  const [code] = await once(second, 'close')
  expect([code, said]).toEqual([1, expect.stringMatching(/is in use by another process/)])
  expect(await run(server.dataDir, 'person', 'pat@demo.clinic')).toMatchObject({ code: 0 })
  // What it asks of a server that is gone, the command does by itself.
  await server.kill()
  expect(await run(server.dataDir, 'person', 'pat@demo.clinic')).toMatchObject({ code: 0 })
})

it('has secrets that are kept elsewhere and only linked to', async () => {
  const server = await ServerProcess.start()
  cleanUp.push(() => server.remove())
  const [own, elsewhere] = [join(server.dataDir, 'jwt-secret'), join(folder, 'secret')]
  await rename(own, elsewhere)
  await symlink(elsewhere, own)
  expect(await run(server.dataDir, 'backup', join(folder, 'one'))).toMatchObject({ code: 0 })
  expect(await readFile(join(folder, 'one', 'jwt-secret'))).toEqual(await readFile(elsewhere))
})

it('says why there cannot be one, and changes nothing', async () => {
  const server = await ServerProcess.start()
  cleanUp.push(() => server.remove())
  await writeFile(join(folder, 'notes.txt'), 'not a backup')
  await symlink(server.dataDir, join(folder, 'link'))
  const attempts: [string[], RegExp][] = [
    [['backup'], /^usage: backup <folder>/],
    [['backup', folder], /is not empty/],
    [['backup', server.dataDir], /lies in DATA_DIR/],
    [['backup', join(server.dataDir, 'backups/1')], /lies in DATA_DIR/],
    [['backup', join(server.dataDir, '..backups')], /lies in DATA_DIR/],
    [['backup', join(folder, 'link', 'backups')], /lies in DATA_DIR/],
    [['backup', join(folder, 'notes.txt', 'x')], /ENOTDIR|not a directory/],
    [['restored'], /is in use: stop the server/],
  ]
  for (const [args, text] of attempts)
    expect(await run(server.dataDir, ...args), args.join(' ')).toEqual({
      code: 1,
      text: expect.stringMatching(text),
    })
  expect(existsSync(join(server.dataDir, 'backups'))).toBe(false)
  await server.stop()
  expect(await run(server.dataDir, 'backup', join(folder, 'stopped'))).toMatchObject({ code: 0 })
  expect(await run(join(folder, 'stopped'), 'doctor')).toMatchObject({ code: 0 })
})
