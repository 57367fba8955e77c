/** Groups of before, which knew no birth dates. */
import { CHAT_PREFIX, chatKey, readChat, writeChat } from './chat-record.ts'
import { faceOf, withFaces } from './face.ts'
import { tellFaces } from './face-updates.ts'
import type { ProfilesOptions } from './profiles.ts'
import { readUser, USER_PREFIX } from './user.ts'

/** Says that the groups of before have them. */
const DONE = 'done/birth-dates-in-groups'

/**
 * Once for each database: groups that were made before birth dates were told to their doctors get
 * them. Called before anybody can change a group. Tells how many groups were changed.
 */
export const fillBirthDates = async (options: ProfilesOptions): Promise<number> => {
  const { store, commit, know } = options
  if ((await store.getRecord(DONE)) !== undefined) return 0
  const people = (await store.listRecords(USER_PREFIX)).map(({ value }) => readUser(value))
  const faces = new Map(
    people.flatMap((user) => (user.birthDate === undefined ? [] : [[user.id, faceOf(user)]])),
  )
  let changed = 0
  for (const { value, version } of await store.listRecords(CHAT_PREFIX)) {
    const chat = readChat(value)
    const next = chat.kind === 'group' ? withFaces(chat, faces) : undefined
    if (next === undefined) continue
    const done = await commit({
      records: [{ key: chatKey(chat.id), value: writeChat(next.chat), expect: version }],
      appends: tellFaces(next, options),
    })
    if (done.kind === 'conflict') throw new Error('a group was changed before the server started')
    know({ chat: next.chat, version: done.seq })
    changed++
  }
  await commit({ records: [{ key: DONE, value: true }] })
  return changed
}
