import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readConfig } from '../config/config.ts'
import { loadSecret } from '../config/secret-file.ts'
import { StoreError } from '../storage/store-error.ts'
import { startProblem } from './start-problem.ts'

const read = readConfig({ PORT: '80', HOST: '192.0.2.1', DATA_DIR: '/data' })
if (!read.ok) throw new Error(read.error)
const config = read.value

/** As Node makes them. */
const systemError = (code: string, syscall: string, rest: string): Error =>
  Object.assign(new Error(`${code}: ${rest}`), { code, syscall })

it('speaks of the port only when listening failed', () => {
  const listening = systemError('EACCES', 'listen', 'permission denied 0.0.0.0:80')
  expect(startProblem(listening, config)).toBe('PORT 80 needs more rights than this process has')
  const reading = systemError('EACCES', 'open', "permission denied, open '/data/jwt-secret'")
  expect(startProblem(reading, config)).toBe("EACCES: permission denied, open '/data/jwt-secret'")
  const using = systemError('EADDRINUSE', 'listen', 'address already in use')
  expect(startProblem(using, config)).toMatch(/^PORT 80 is in use/)
  for (const code of ['EADDRNOTAVAIL', 'ENOTFOUND'])
    expect(startProblem(systemError(code, 'listen', 'x'), config)).toMatch(/^HOST 192.0.2.1 is not/)
})

it('names the data directory for what the store says', () => {
  expect(startProblem(new StoreError('STORE_LOCKED', 'x'), config)).toMatch(
    /^DATA_DIR \/data is in/,
  )
  expect(startProblem(new StoreError('STORE_FORMAT', 'is odd'), config)).toBe(
    'DATA_DIR /data cannot be used: is odd',
  )
})

it('names a secret that cannot be read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wardline-secret-'))
  const path = join(folder, 'jwt-secret')
  await mkdir(path)
  const problem = await loadSecret(folder).catch((error: unknown) => startProblem(error, config))
  expect(problem).toContain('EISDIR')
  expect(problem).not.toContain('PORT')
  await rm(folder, { recursive: true })
})
