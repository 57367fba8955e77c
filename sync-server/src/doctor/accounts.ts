/** Whether every account can be read and found by its address, and every address leads to one. */
import { EMAIL_PREFIX, emailKey, readUser, USER_PREFIX } from '../directory/user.ts'
import type { LevelStore } from '../storage/level-store.ts'
import { readOr } from './chats.ts'
import type { Problem } from './problem.ts'

export const lookAtAccounts = async (
  store: Pick<LevelStore, 'listRecords'>,
): Promise<readonly Problem[]> => {
  const problems: Problem[] = []
  const tell = (what: string): void => void problems.push({ kind: 'account', what })
  const owners = new Map(
    (await store.listRecords(EMAIL_PREFIX)).map(({ key, value }) => [key, ownerIn(value)]),
  )
  for (const record of await store.listRecords(USER_PREFIX)) {
    const user = readOr(record, tell, readUser)
    if (user?.email === undefined) continue
    const key = emailKey(user.email)
    if (owners.get(key) !== user.id) tell(`account ${user.id}: its address does not lead to it`)
    else owners.delete(key)
  }
  for (const [, owner] of owners) tell(`account ${owner ?? '?'}: an address leads there in vain`)
  return problems
}

const ownerIn = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'user' in value ? String(value.user) : undefined
