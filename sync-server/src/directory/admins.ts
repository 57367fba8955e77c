/**
 * Which accounts can administer the clinic now: one record, so that of two who take it from each
 * other at the same moment one loses, and somebody is left.
 */
import type { UserId } from '@wardline/core/base/ids'
import { z } from 'zod'
import { err, ok, type Result } from '../errors/result.ts'
import type { RecordWrite, Store } from '../storage/store.ts'
import { readUser, USER_PREFIX, type User, userIdSchema } from './user.ts'

const KEY = 'admins'
const schema = z.object({ users: z.array(userIdSchema) })

export const isActingAdmin = ({ roles, status }: Pick<User, 'roles' | 'status'>): boolean =>
  status === 'active' && roles.includes('admin')

/**
 * What has to be stored with an account that is now like this. Fails with `last-admin` when nobody
 * would be left. Rejects with `StoreError`.
 */
export const adminWrites = async (
  store: Pick<Store, 'getRecord'>,
  user: User,
): Promise<Result<readonly RecordWrite[], 'last-admin'>> => {
  const found = await store.getRecord(KEY)
  const before = found === undefined ? [] : schema.parse(found.value).users
  const isOne = isActingAdmin(user)
  if (isOne === before.includes(user.id)) return ok([])
  const users = before.filter((id) => id !== user.id)
  if (isOne) users.push(user.id)
  if (users.length === 0) return err('last-admin')
  return ok([{ key: KEY, value: { users }, expect: found?.version ?? 0 }])
}

/** Whether there is one. Rejects with `StoreError`. */
export const hasAdmin = async (store: Pick<Store, 'getRecord'>): Promise<boolean> => {
  const found = await store.getRecord(KEY)
  return found !== undefined && schema.parse(found.value).users.length > 0
}

/** Makes the record say what the accounts say, should it not. Rejects with `StoreError`. */
export const mendAdmins = async (store: Store): Promise<void> => {
  const people = (await store.listRecords(USER_PREFIX)).map(({ value }) => readUser(value))
  const users: UserId[] = people.filter(isActingAdmin).map(({ id }) => id)
  const found = await store.getRecord(KEY)
  const before = found === undefined ? [] : schema.parse(found.value).users
  if ([...before].sort().join() === [...users].sort().join()) return
  await store.commit({ records: [{ key: KEY, value: { users } }] })
}
