import { parseUserId } from '@wardline/core/base/ids'
import { beforeEach, expect, it } from 'vitest'
import { Auth } from '../auth/auth.ts'
import { Directory } from '../directory/directory.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { afterRead } from '../storage/test-meanwhile.ts'
import { People } from './people.ts'

const kim = parseUserId('kim-novak')!
let store: MemoryStore
let directory: Directory
let people: People

beforeEach(async () => {
  store = new MemoryStore()
  const clock = { now: () => 1_000, elapsed: () => 1_000 }
  directory = new Directory({ store, clock })
  const auth = new Auth({
    store,
    directory,
    clock,
    secrets: ['a secret of thirty-two characters!'],
  })
  await directory.open()
  await auth.open()
  const commit = store.commit.bind(store)
  people = new People({ store, directory, auth, commit, now: clock.now, retentionDays: 0 })
})

it('of two steps at once the second begins where the first ended, at whatever moment', async () => {
  for (let nth = 1; ; nth++) {
    const id = parseUserId(`${kim}-${nth}`)!
    await directory.createUser({ id, name: 'Kim Novak', roles: ['patient'] })
    let wasDone = false
    const close = async () => {
      wasDone = (await directory.getUser(id))?.status === 'disabled'
      await people.close(id, 'one')
    }
    const wasRead = afterRead(store, `user/${id}`, nth, close)
    const disabled = await people.disable(id, 'other')
    // What is read once it is done is none of it.
    if (!(await wasRead()) || wasDone) {
      expect(nth).toBeGreaterThan(1)
      break
    }
    // Who is closed cannot be disabled.
    expect([nth, disabled]).toEqual([nth, { ok: false, error: 'wrong-status' }])
    expect([nth, (await directory.getUser(id))?.status]).toEqual([nth, 'closed'])
  }
})

it('erases nobody who is held at that moment', async () => {
  for (let nth = 1; ; nth++) {
    const id = parseUserId(`${kim}-${nth}`)!
    await directory.createUser({ id, name: 'Kim Novak', roles: ['patient'] })
    await people.close(id, 'one')
    const wasRead = afterRead(store, `user/${id}`, nth, () => people.hold(id, 'the court', 'two'))
    const erased = await people.erase(id, 'one')
    if (!(await wasRead())) {
      expect(nth).toBeGreaterThan(1)
      break
    }
    expect([nth, erased]).toEqual([nth, { ok: false, error: 'account-held' }])
    expect([nth, (await directory.getUser(id))?.name]).toEqual([nth, 'Kim Novak'])
  }
})
