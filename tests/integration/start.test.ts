/** A server that cannot start says why in one line, and ends with a code that is not 0. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

const main = resolve(import.meta.dirname, '../../sync-server/dist/main.js')
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
