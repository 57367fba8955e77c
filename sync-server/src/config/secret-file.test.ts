import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadSecret } from './secret-file.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'wardline-secret-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777

it('makes a secret once, readable by its owner only', async () => {
  const data = join(dir, 'new', 'data')
  const secret = await loadSecret(data)
  expect(secret.length).toBe(64)
  expect(await loadSecret(data)).toBe(secret)
  expect(await modeOf(join(data, 'jwt-secret'))).toBe(0o600)
  expect(await readdir(data)).toEqual(['jwt-secret'])
})

it('agrees on one secret when two processes make it at once', async () => {
  const [one, two] = await Promise.all([loadSecret(dir), loadSecret(dir)])
  expect(one).toBe(two)
})

it('closes a file that others could read', async () => {
  const secret = await loadSecret(dir)
  await chmod(join(dir, 'jwt-secret'), 0o644)
  expect(await loadSecret(dir)).toBe(secret)
  expect(await modeOf(join(dir, 'jwt-secret'))).toBe(0o600)
})

it('does not replace a damaged secret', async () => {
  await writeFile(join(dir, 'jwt-secret'), '')
  await expect(loadSecret(dir)).rejects.toThrow('holds no secret')
})
