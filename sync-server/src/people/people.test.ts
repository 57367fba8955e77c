import { parseUserId } from '@wardline/core/base/ids'
import { beforeEach, describe, expect, it } from 'vitest'
import { Auth } from '../auth/auth.ts'
import { Directory } from '../directory/directory.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { People } from './people.ts'

const HOUR = 3_600_000
const kim = parseUserId('kim-novak')!
let time: number
let store: MemoryStore
let directory: Directory
let people: People

beforeEach(async () => {
  time = Date.UTC(2026, 0, 1)
  store = new MemoryStore()
  const clock = { now: () => time, elapsed: () => 0 }
  directory = new Directory({ store, clock })
  const secrets = ['a secret of thirty-two characters!'] as const
  const auth = new Auth({ store, directory, clock, secrets: [secrets[0]] })
  await directory.open()
  await auth.open()
  const commit = store.commit.bind(store)
  people = new People({ store, directory, auth, commit, now: clock.now, retentionDays: 1 })
  await directory.createUser({ id: kim, name: 'Kim Novak', roles: ['patient'] })
})

const statusOf = async () => (await directory.getUser(kim))?.status

describe('the time of retention', () => {
  it('is kept to the day', async () => {
    await people.close(kim, 'x')
    time += 24 * HOUR - 1
    expect(await people.erase(kim, 'x')).toEqual({ ok: false, error: 'retention-runs' })
    time++
    expect(await people.erase(kim, 'x')).toMatchObject({ ok: true })
    expect(await statusOf()).toBe('erased')
  })

  it('is no shorter for a clock that was put right by an hour meanwhile', async () => {
    time += HOUR
    await people.close(kim, 'x')
    time -= HOUR
    expect(await people.erase(kim, 'x')).toEqual({ ok: false, error: 'retention-runs' })
    time += 24 * HOUR
    expect(await people.erase(kim, 'x')).toEqual({ ok: false, error: 'retention-runs' })
    time += HOUR
    expect(await people.erase(kim, 'x')).toMatchObject({ ok: true })
  })

  it('begins anew for who was let in again', async () => {
    await people.close(kim, 'x')
    time += 24 * HOUR
    await people.enable(kim, 'x')
    expect(await people.erase(kim, 'x')).toEqual({ ok: false, error: 'wrong-status' })
    await people.close(kim, 'x')
    expect(await people.erase(kim, 'x')).toEqual({ ok: false, error: 'retention-runs' })
  })
})

it('leaves one line in the trail for each step, and none of what it was about', async () => {
  await people.change(kim, { name: 'Kim Secret', email: 'kim@secret.example' }, 'boss')
  await people.hold(kim, 'a secret reason', 'boss')
  await people.release(kim, 'boss')
  await people.disable(kim, 'boss')
  await people.enable(kim, 'boss')
  await people.close(kim, 'boss')
  time += 24 * HOUR
  await people.erase(kim, 'boss')
  const texts: string[] = []
  for await (const { text } of store.readAudit()) texts.push(text)
  expect(texts.map((text) => JSON.parse(text).action)).toEqual([
    ...['user.created', 'user.changed', 'user.held', 'user.released'],
    ...['user.disabled', 'user.enabled', 'user.closed', 'user.erased'],
  ])
  expect(texts.join().toLowerCase()).not.toContain('secret')
})
