import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, lstat, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LevelStore } from '../../storage/level-store.ts'
import { openContext } from '../open-context.ts'
import { type AdminClient, connectToServer } from './admin-client.ts'
import { type AdminSocket, type AdminSocketOptions, serveAdmin } from './admin-socket.ts'
import { lineOf } from './lines.ts'
import { COPY, MAX_LINE_BYTES, PROTOCOL } from './messages.ts'

let dataDir = ''
let store: LevelStore
let socket: AdminSocket | undefined
const cleanUp: (() => void)[] = []
const logged: string[] = []
/** Files that must not be deleted at the moment. */
let kept = 0

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wardline-socket-'))
  store = await LevelStore.open(dataDir, { create: true })
  logged.length = 0
  kept = 0
})
afterEach(async () => {
  for (const task of cleanUp.splice(0)) task()
  await socket?.close()
  socket = undefined
  await store.close()
  await rm(dataDir, { recursive: true })
})

const path = (): string => join(dataDir, 'admin.sock')
const serve = async (options: Partial<AdminSocketOptions> = {}): Promise<void> => {
  socket = await serveAdmin({
    dataDir,
    context: await openContext(store, { dataDir, jwtSecret: undefined }),
    copyDatabase: (folder, signal) => store.copyTo(folder, { signal }),
    keepFiles: () => {
      kept++
      return async () => void kept--
    },
    log: (_, event, fields) => void logged.push(`${event} ${JSON.stringify(fields)}`),
    ...options,
  })
}
const client = async (): Promise<AdminClient> => {
  const found = await connectToServer(dataDir)
  if (!found.ok || found.value === undefined) throw new Error(found.ok ? 'none' : found.error)
  const { value } = found
  cleanUp.push(() => value.close())
  return value
}
/** A connection that says what it likes. */
const raw = async (): Promise<{ socket: Socket; next: () => Promise<unknown> }> => {
  const socket = connect(path())
  cleanUp.push(() => socket.destroy())
  let text = ''
  const waiting: (() => void)[] = []
  socket.on('data', (chunk) => {
    text += chunk
    for (const wake of waiting.splice(0)) wake()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    for (const wake of waiting.splice(0)) wake()
  })
  const next = async (): Promise<unknown> => {
    while (!text.includes('\n') && !socket.destroyed)
      await new Promise<void>((wake) => waiting.push(wake))
    const [line = '', ...rest] = text.split('\n')
    text = rest.join('\n')
    return line === '' ? undefined : JSON.parse(line)
  }
  expect(await next()).toEqual({ wardline: 'admin', protocol: PROTOCOL })
  return { socket, next }
}
const person = {
  email: 'eve@clinic.example',
  name: 'Dr Eve',
  role: 'doctor',
  password: 'four words that differ',
}

it('has done what is asked for, one after the other, and is for its owner alone', async () => {
  await serve()
  expect((await lstat(path())).mode & 0o777).toBe(0o600)
  const server = await client()
  expect(await server.call('create-user', person)).toMatchObject({ ok: true })
  const again = await server.call('create-user', person)
  expect(again).toMatchObject({ ok: false, error: { message: /already/ } })
  expect(await server.call('create-user', { ...person, name: 7 })).toMatchObject({
    ok: false,
    error: { code: 'bad-request', message: /^name/ },
  })
  expect(await server.call('drop-everything', {})).toMatchObject({
    ok: false,
    error: { code: 'not-found' },
  })
  const lines: string[] = []
  for await (const { text } of store.readAudit()) lines.push(text)
  expect(lines).toEqual([expect.stringContaining('"actor":"operator","action":"user.created"')])
})

it('takes the place of the file of a server that died', async () => {
  const dead = spawn(process.execPath, [
    '-e',
    `require('node:net').createServer().listen(${JSON.stringify(path())}, () => console.log('there'))`,
  ])
  await once(dead.stdout, 'data')
  dead.kill('SIGKILL')
  await once(dead, 'exit')
  expect((await lstat(path())).isSocket()).toBe(true)
  expect(await connectToServer(dataDir)).toEqual({ ok: true, value: undefined })
  await serve()
  expect(await (await client()).call('verify-audit', {})).toMatchObject({ ok: true })
  await socket?.close()
  await expect(lstat(path())).rejects.toMatchObject({ code: 'ENOENT' })
})

it('leaves alone what is no socket, and says so', async () => {
  await writeFile(path(), 'notes')
  await serve()
  expect(logged).toEqual([expect.stringMatching(/admin-socket.absent .*is no socket/)])
  expect(await connectToServer(dataDir)).toEqual({ ok: true, value: undefined })
})

// Only an administrator of the machine can give a file to somebody else.
it.runIf(process.geteuid?.() === 0)('speaks through no socket of another account', async () => {
  await serve()
  await chown(path(), 4711, 4711)
  expect(await connectToServer(dataDir)).toEqual({
    ok: false,
    error: expect.stringMatching(/belongs to the account with the number 4711.*runs as 0/),
  })
})

it('says that a path is too long for a socket, and the server runs without', async () => {
  const long = join(dataDir, 'd'.repeat(100))
  await serve({ dataDir: long })
  expect(logged).toEqual([expect.stringMatching(/absent .*has \d+ bytes, .*shorter DATA_DIR/)])
  expect(await connectToServer(long)).toEqual({ ok: true, value: undefined })
})

it('answers what is no call, of another version, or too long, and goes on', async () => {
  await serve()
  const { socket: own, next } = await raw()
  own.write('what is this?\n')
  expect(await next()).toMatchObject({ refused: { code: 'bad-json' } })
  own.write(lineOf({ protocol: PROTOCOL + 1, call: 'verify-audit', input: {} }))
  expect(await next()).toMatchObject({ refused: { message: expect.stringMatching(/version 1/) } })
  // What follows in one piece is answered in order.
  const call = lineOf({ protocol: PROTOCOL, call: 'verify-audit', input: {} })
  own.write(call + call.slice(0, 9))
  expect(await next()).toMatchObject({ done: { value: { n: 0 } } })
  own.write(call.slice(9))
  expect(await next()).toMatchObject({ done: { value: { n: 0 } } })
  const closed = once(own, 'close')
  own.write('x'.repeat(MAX_LINE_BYTES + 1))
  await closed
  expect(await (await client()).call('verify-audit', {})).toMatchObject({ ok: true })
})

it('turns away what comes beside too many', async () => {
  await serve()
  for (let i = 0; i < 16; i++) await raw()
  const found = await connectToServer(dataDir)
  expect(found).toMatchObject({ ok: false, error: expect.stringMatching(/too busy/) })
  cleanUp.shift()?.()
  await expect.poll(async () => (await connectToServer(dataDir)).ok).toBe(true)
})

it('refuses to speak to what is no server of Wardline, or one of another version', async () => {
  for (const [hello, error] of [
    ['220 mail\n', /does not answer as a server of Wardline/],
    [lineOf({ wardline: 'admin', protocol: 99 }), /version 99 .* this command 1/],
  ] as const) {
    const other = createServer((connection) => connection.end(hello)).listen(path())
    await once(other, 'listening')
    expect(await connectToServer(dataDir)).toMatchObject({
      ok: false,
      error: expect.stringMatching(error),
    })
    other.close()
    await once(other, 'close')
  }
})

it('keeps the files for as long as whoever copies is there, and no longer', async () => {
  for (let i = 0; i < 50; i++)
    await store.commit({ records: [{ key: `k${i}`, value: 'x'.repeat(100_000) }] })
  await serve()
  const first = await client()
  const folder = await mkdtemp(join(tmpdir(), 'wardline-copied-'))
  cleanUp.push(() => void rm(folder, { recursive: true }))
  expect(await first.call(COPY, { folder })).toMatchObject({
    ok: true,
    value: { value: { seq: store.lastSeq() } },
  })
  expect(kept).toBe(1)
  const second = await client()
  expect(await second.call(COPY, { folder: `${folder}-2` })).toMatchObject({
    ok: false,
    error: { code: 'server-busy' },
  })
  first.close()
  await expect.poll(() => kept).toBe(0)
  // Somebody is killed in the middle of it.
  let aborted = false
  await socket?.close()
  await serve({
    copyDatabase: (_, signal) =>
      new Promise((_, fail) =>
        signal.addEventListener('abort', () => {
          aborted = true
          fail(new Error('aborted'))
        }),
      ),
  })
  const third = await client()
  const copying = third.call(COPY, { folder })
  await expect.poll(() => kept).toBe(1)
  third.close()
  expect(await copying).toMatchObject({ ok: false, error: { code: 'server-busy' } })
  await expect.poll(() => kept).toBe(0)
  expect(aborted).toBe(true)
})

it('ends with its server, which tells those who wait', async () => {
  await serve({
    copyDatabase: (_, signal) =>
      new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Error('aborted')))),
  })
  const idle = await client()
  const busy = await client()
  const copying = busy.call(COPY, { folder: join(dataDir, 'x') })
  await expect.poll(() => kept).toBe(1)
  await socket?.close()
  expect(await copying).toMatchObject({ ok: false })
  expect(await idle.call('verify-audit', {})).toMatchObject({ ok: false })
  expect(kept).toBe(0)
})
