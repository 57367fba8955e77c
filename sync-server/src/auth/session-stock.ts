/** What goes through all sessions that are stored: at the start, and once in some hours. */
import { parseUserId, type UserId } from '@wardline/core/base/ids'
import { isDamage } from '../storage/seal.ts'
import type { RecordWrite, Store, StoredRecord } from '../storage/store.ts'
import { ENDED_PREFIX, readEnded } from './session-end.ts'
import {
  bounded,
  isOver,
  REFRESH_LIFETIME,
  readSession,
  SESSION_PREFIX,
  type SessionRecord,
} from './session-record.ts'
import {
  NO_SESSIONS,
  readUserSessions,
  USER_SESSIONS_PREFIX,
  type UserSessions,
  userSessionsKey,
  writeUserSessions,
} from './user-sessions.ts'

/** Records in one write. */
const MENDED_AT_ONCE = 500

type Records = Pick<Store, 'getRecord' | 'listRecords' | 'commit'>

/**
 * The ids of all sessions. What says whose they are is mended where it is not there: databases of
 * before had no such records, and one can be lost with a damaged part of the disk.
 */
export const takeStock = async (store: Records): Promise<readonly string[]> => {
  const byUser = new Map<UserId, { id: string; createdAt: number }[]>()
  const ids: string[] = []
  for (const stored of await store.listRecords(SESSION_PREFIX)) {
    const { id, record } = readStored(stored)
    const user = parseUserId(record.user)
    if (user === undefined) continue
    ids.push(id)
    const own = byUser.get(user)
    if (own === undefined) byUser.set(user, [{ id, createdAt: record.createdAt }])
    else own.push({ id, createdAt: record.createdAt })
  }
  const known = new Map<string, StoredRecord>()
  for (const record of await store.listRecords(USER_SESSIONS_PREFIX)) known.set(record.key, record)
  const mended: RecordWrite[] = []
  for (const [user, own] of byUser) {
    const key = userSessionsKey(user)
    const found = known.get(key)
    const index = found === undefined ? NO_SESSIONS : readUserSessions(found.value)
    const missing = own.filter(({ id }) => !index.sessions.includes(id))
    if (missing.length === 0) continue
    const added = missing.sort((a, b) => a.createdAt - b.createdAt).map(({ id }) => id)
    const next = { ...index, sessions: [...added, ...index.sessions] }
    const write = { key, value: writeUserSessions(next) }
    // One that is damaged is not listed, and has a version all the same.
    mended.push({ ...write, ...(found && { expect: found.version }) })
  }
  for (let from = 0; from < mended.length; from += MENDED_AT_ONCE)
    await store.commit({ records: mended.slice(from, from + MENDED_AT_ONCE) })
  return ids
}

/**
 * Deletes what is over by now, ms since 1970: sessions, and ends that nobody has to be told of any
 * more. Sessions that began while the clock ran ahead are bounded. Returns the ids of the sessions
 * that are gone.
 */
export const removeOver = async (store: Records, now: number): Promise<readonly string[]> => {
  const gone: string[] = []
  for (const stored of await store.listRecords(SESSION_PREFIX)) {
    const { id, record } = readStored(stored)
    const { key, version } = stored
    if (isOver(record, now)) {
      const index = await without(store, record.user, ({ sessions, removed }) => ({
        sessions: sessions.filter((each) => each !== id),
        removed,
      }))
      const records = [{ key, value: null, expect: version }, ...index]
      const { kind } = await store.commit({ records })
      if (kind === 'committed') gone.push(id)
    } else if (record.createdAt > now || record.expiresAt > now + REFRESH_LIFETIME)
      await store.commit({ records: [{ key, value: bounded(record, now), expect: version }] })
  }
  for (const { key, value, version } of await store.listRecords(ENDED_PREFIX)) {
    const { user, until } = readEnded(value)
    if (until > now) continue
    const id = key.slice(ENDED_PREFIX.length)
    const index = await without(store, user, ({ sessions, removed }) => ({
      sessions,
      removed: removed.filter((each) => each !== id),
    }))
    await store.commit({ records: [{ key, value: null, expect: version }, ...index] })
  }
  return gone
}

const without = async (
  store: Records,
  userText: string,
  change: (index: UserSessions) => UserSessions,
): Promise<RecordWrite[]> => {
  const user = parseUserId(userText)
  if (user === undefined) return []
  const key = userSessionsKey(user)
  // One that is damaged is made again when the person signs in.
  const found = await store.getRecord(key).catch((error: unknown) => {
    if (!isDamage(error)) throw error
    return undefined
  })
  if (found === undefined) return []
  const value = writeUserSessions(change(readUserSessions(found.value)))
  return [{ key, value, expect: found.version }]
}

const readStored = ({ key, value }: StoredRecord): { id: string; record: SessionRecord } => ({
  id: key.slice(SESSION_PREFIX.length),
  record: readSession(value),
})
