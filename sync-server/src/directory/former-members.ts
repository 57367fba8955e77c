/** Of which groups somebody was a member who is out of them now: these still name them. */
import type { ChatId, UserId } from '@wardline/core/base/ids'
import type { Store } from '../storage/store.ts'
import { CHAT_PREFIX, readChat, writeMembership } from './chat-record.ts'

/** Says that the groups of before have been gone through. */
const DONE = 'done/former-members'

/** A user id holds no slash, so one user's prefix is never part of another's. */
export const formerPrefix = (user: UserId): string => `former/${user}/`
export const formerKey = (user: UserId, chat: ChatId): string => formerPrefix(user) + chat

/** Once for each database: notes who is out of which group. Called before anybody is served. */
export const fillFormerMembers = async (store: Store): Promise<void> => {
  if ((await store.getRecord(DONE)) !== undefined) return
  const chats = (await store.listRecords(CHAT_PREFIX)).map(({ value }) => readChat(value))
  const records = chats.flatMap(({ id, group }) =>
    (group?.former ?? []).map(({ userId }) => ({
      key: formerKey(userId, id),
      value: writeMembership(id),
    })),
  )
  await store.commit({ records: [...records, { key: DONE, value: true }] })
}
