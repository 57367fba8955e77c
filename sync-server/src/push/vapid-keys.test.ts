import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { areVapidKeys } from '../config/vapid-pair.ts'
import { loadVapidKeys } from './vapid-keys.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'wardline-vapid-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

it('makes one pair, readable by its owner only, even when two processes start at once', async () => {
  const [one, two] = await Promise.all([loadVapidKeys(dir), loadVapidKeys(dir)])
  expect(one).toEqual(two)
  expect(areVapidKeys(one)).toBe(true)
  expect((await stat(join(dir, 'vapid-keys.json'))).mode & 0o777).toBe(0o600)
  expect(await loadVapidKeys(dir)).toEqual(one)
})

it.each(['', '{}', '{"publicKey":"a","privateKey":"b"}'])('does not replace %j', async (text) => {
  await writeFile(join(dir, 'vapid-keys.json'), text)
  await expect(loadVapidKeys(dir)).rejects.toThrow('holds no keys')
})
