import { parseUserId } from '@wardline/core/base/ids'
import { expect, it } from 'vitest'
import { Directory } from '../directory/directory.ts'
import { MemoryStore } from '../storage/memory-store.ts'
import { afterRead } from '../storage/test-meanwhile.ts'
import { OutsideAccounts } from './outside-accounts.ts'

it('a closed account stays closed when its person comes from elsewhere at that moment', async () => {
  const store = new MemoryStore()
  const clock = { now: () => 1_000, elapsed: () => 1_000 }
  const directory = new Directory({ store, clock })
  await directory.open()
  const commit = store.commit.bind(store)
  const accounts = new OutsideAccounts({ store, directory, commit, clock })
  for (let nth = 1; ; nth++) {
    const id = parseUserId(`kim-${nth}`)!
    const email = `${id}@mail.example`
    await directory.createUser({ id, email, name: 'Kim', roles: ['patient'], status: 'invited' })
    let wasIn = false
    const close = async () => {
      wasIn = (await directory.getUser(id))?.status === 'active'
      await directory.profiles.change(id, { status: 'closed' }, { actor: 'operator' })
    }
    const wasRead = afterRead(store, `user/${id}`, nth, close)
    const settled = await accounts.settle({
      issuer: 'https://id.clinic.example',
      subject: id,
      name: 'Kim',
      email: { address: email, verified: true },
      roles: undefined,
    })
    // What is read once they are in is none of it.
    if (!(await wasRead()) || wasIn) {
      expect(nth).toBeGreaterThan(1)
      break
    }
    expect([nth, settled]).toMatchObject([nth, { error: { code: 'account-inactive' } }])
    expect([nth, (await directory.getUser(id))?.status]).toEqual([nth, 'closed'])
  }
})
