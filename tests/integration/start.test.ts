/** A server that cannot start says why in one line, and ends with a code that is not 0. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ServerProcess } from '../support/server-process.ts'

const dist = resolve(import.meta.dirname, '../../sync-server/dist')
const main = join(dist, 'main.js')
const admin = join(dist, 'admin.js')
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardline-start-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const start = (env: Record<string, string>) => {
  const base = { PATH: process.env.PATH ?? '', DATA_DIR: folder, HOST: '127.0.0.1', PORT: '0' }
  const { status, stderr } = spawnSync(process.execPath, [main], {
    env: { ...base, LOG_LEVEL: 'error', ...env },
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { status, stderr }
}

it.each([
  ['PORT', 'abc', 'PORT is "abc", expected a whole number from 0 to 65535'],
  ['HOST', '192.0.2.1', 'HOST 192.0.2.1 is not an address of this machine'],
  ['JWT_SECRET', 'short', 'JWT_SECRET has 5 characters (value not shown), expected at least 32'],
])('names what is wrong with %s=%s', (name, value, problem) => {
  expect(start({ [name]: value })).toEqual({ status: 1, stderr: `wardline: ${problem}\n` })
})

it('names what is wrong with the address of `npm run dev`', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [resolve(import.meta.dirname, '../../scripts/dev.mjs')],
    {
      env: { PATH: process.env.PATH ?? '', CLIENT_URL: 'https://localhost:5173' },
      encoding: 'utf8',
      timeout: 30_000,
    },
  )
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr:
      'wardline: CLIENT_URL is "https://localhost:5173", expected an http origin such as http://localhost:5173\n',
  })
})

it('names a data directory that is a file', () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const { status, stderr } = start({ DATA_DIR: file })
  expect(status).toBe(1)
  expect(stderr).toMatch(/^wardline: DATA_DIR \S+ cannot be used: [^\n]+\n$/)
})

it('names a data directory where none can be made', () => {
  const { status, stderr } = start({ DATA_DIR: '/proc/nope/data' })
  expect(status).toBe(1)
  expect(stderr).toMatch(/^wardline: DATA_DIR \/proc\/nope\/data cannot be used: [^\n]+\n$/)
})

it('makes the folders that are missing', () => {
  const DATA_DIR = join(folder, 'a', 'b')
  const { status } = start({ DATA_DIR, HOST: '192.0.2.1' })
  expect(status).toBe(1)
  expect(readdirSync(DATA_DIR)).toContain('CURRENT')
})

/** Names and modes of all that is in a folder, itself too, as `ls` has them. */
const modesIn = (root: string): Map<string, string> =>
  new Map(
    ['.', ...(readdirSync(root, { recursive: true }) as string[])].map((name) => [
      name,
      (statSync(join(root, name)).mode & 0o777).toString(8),
    ]),
  )

const openToOthers = (root: string): string[] =>
  [...modesIn(root)].flatMap(([name, mode]) => (mode.endsWith('00') ? [] : [`${name} ${mode}`]))

it('keeps what it stores from other accounts of the machine', () => {
  const dataDir = join(folder, 'above', 'data')
  // Made, and ended by an address that is not there.
  start({ DATA_DIR: dataDir, HOST: '192.0.2.1' })
  expect(readdirSync(dataDir)).toEqual(expect.arrayContaining(['CURRENT', 'jwt-secret', 'files']))
  expect(openToOthers(dataDir)).toEqual([])
  for (const [name, mode] of modesIn(dataDir))
    chmodSync(join(dataDir, name), mode === '700' ? 0o755 : 0o644)
  const { stdout } = spawnSync(process.execPath, [main], {
    env: { PATH: process.env.PATH ?? '', DATA_DIR: dataDir, HOST: '192.0.2.1', PORT: '0' },
    encoding: 'utf8',
    timeout: 30_000,
  })
  expect(openToOthers(dataDir)).toEqual([])
  expect(stdout).toContain('data-dir.closed-to-others')
})

it('starts on no half of a copy, and leaves it as it is', () => {
  start({ HOST: '192.0.2.1' })
  rmSync(join(folder, 'CURRENT'))
  const before = [...modesIn(folder)].map(([name]) => [name, statSync(join(folder, name)).ctimeMs])
  for (const [command, ...args] of [[main], [admin, 'verify-audit'], [admin, 'restored']]) {
    const { status, stderr } = spawnSync(process.execPath, [command ?? '', ...args], {
      env: { PATH: process.env.PATH ?? '', DATA_DIR: folder, HOST: '192.0.2.1', PORT: '0' },
      encoding: 'utf8',
      timeout: 30_000,
    })
    expect(status).toBe(1)
    expect(stderr).toContain('no CURRENT file')
  }
  expect(
    [...modesIn(folder)].map(([name]) => [name, statSync(join(folder, name)).ctimeMs]),
  ).toEqual(before)
})

it('is not healthy where files cannot be kept', async () => {
  const server = await ServerProcess.start()
  const health = async () => {
    const answer = await fetch(`${server.url}/healthz`)
    return [answer.status, ((await answer.json()) as { error?: { code: string } }).error?.code]
  }
  expect(await health()).toEqual([200, undefined])
  for (const name of ['files', 'uploads']) {
    rmSync(join(server.dataDir, name), { recursive: true })
    await expect.poll(health, { timeout: 10_000 }).toEqual([503, 'files-unavailable'])
    mkdirSync(join(server.dataDir, name))
    await expect.poll(health, { timeout: 10_000 }).toEqual([200, undefined])
  }
  await server.remove()
})

it('says that sessions go in clear, once, in production only', async () => {
  for (const [env, times] of [
    [{ NODE_ENV: 'production' }, 1],
    [{}, 0],
  ] as const) {
    const server = await ServerProcess.start()
    // The demo clinic is there to sign in to.
    await server.stop()
    server.options.env = { ...env, LOG_LEVEL: 'info' }
    await server.start()
    for (const email of ['pat@demo.clinic', 'ada@demo.clinic'])
      await fetch(`${server.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email, password: 'wardline-demo' }),
      })
    await server.stop()
    expect(server.output.split('session.without-tls').length - 1).toBe(times)
    await server.remove()
  }
})

it('names a port that is in use', async () => {
  const other = createServer()
  const port = await new Promise<number>((done) => {
    other.listen(0, '127.0.0.1', () => {
      const address = other.address()
      done(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const { status, stderr } = start({ PORT: String(port) })
  other.close()
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: `wardline: PORT ${port} is in use; stop what uses it or choose another\n`,
  })
})
