import { parseUserId } from '@wardline/core/base/ids'
import { beforeEach, expect, it } from 'vitest'
import { MemoryStore } from '../storage/memory-store.ts'
import { AccountList } from './account-list.ts'
import { Directory } from './directory.ts'
import { userKey } from './user.ts'

let store: MemoryStore
let directory: Directory
let reads: number
let elapsed: number
let list: AccountList

const make = (id: string, name: string) =>
  directory.createUser({ id: parseUserId(id)!, name, roles: ['doctor'], email: `${id}@x.example` })
const names = async () => (await list.all()).map(({ user }) => user.name)

beforeEach(() => {
  store = new MemoryStore()
  directory = new Directory({ store })
  reads = 0
  elapsed = 0
  const counted = {
    listRecords: (prefix: string) => {
      reads++
      return store.listRecords(prefix)
    },
  }
  list = new AccountList(counted, () => elapsed)
})

it('has everybody by name, and reads them once for a while', async () => {
  await make('dr-b', 'Dr Zoe')
  await make('dr-c', 'Dr Ada')
  await make('dr-a', 'Dr Ada')
  expect((await list.all()).map(({ user }) => user.id)).toEqual(['dr-a', 'dr-c', 'dr-b'])
  await make('dr-d', 'Dr New')
  expect(await names()).not.toContain('Dr New')
  expect(reads).toBe(1)
  elapsed = 5_000
  expect(await names()).toContain('Dr New')
})

it('knows at once of what it is told', async () => {
  await make('dr-a', 'Dr Ada')
  await list.all()
  await make('dr-b', 'Dr Ben')
  list.changed()
  expect(await names()).toEqual(['Dr Ada', 'Dr Ben'])
  const [{ value, version }] = (await store.listRecords(userKey(parseUserId('dr-a')!))) as [never]
  await store.commit({
    records: [
      { key: 'user/dr-a', value: { ...(value as object), name: 'Dr Zoe' }, expect: version },
    ],
  })
  list.changed()
  expect(await names()).toEqual(['Dr Ben', 'Dr Zoe'])
})

it('is the same list while nothing has changed, and gives up what a failed write made doubtful', async () => {
  await make('dr-a', 'Dr Ada')
  const before = await list.all()
  elapsed = 5_000
  expect(await list.all()).toBe(before)
  list.forget()
  const after = await list.all()
  expect(after).toEqual(before)
  expect(after[0]).not.toBe(before[0])
})

it('does not keep what was read while somebody wrote', async () => {
  await make('dr-a', 'Dr Ada')
  const reading = list.all()
  list.changed()
  await reading
  await make('dr-b', 'Dr Ben')
  expect(await names()).toEqual(['Dr Ada', 'Dr Ben'])
})
