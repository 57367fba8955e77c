/**
 * `admin.js mend`: writes again what follows from other records, where the doctor finds that it is
 * missing, and takes away what leads nowhere. What somebody wrote it never touches.
 */
import { type DocName, parseDocName } from '@wardline/core/base/ids'
import {
  CHAT_PREFIX,
  MEMBERSHIP_PREFIX,
  membershipKey,
  readChat,
} from '../directory/chat-record.ts'
import type { Directory } from '../directory/directory.ts'
import { mendRecords } from '../directory/mend-records.ts'
import { sysAgain } from '../directory/sys-again.ts'
import { EMAIL_PREFIX, emailKey, readUser, USER_PREFIX } from '../directory/user.ts'
import { BYTES_PREFIX, bytesKey, FILE_PREFIX, readFileKey } from '../files/file-record.ts'
import { rowsOf } from '../storage/doc-content.ts'
import type { LevelStore } from '../storage/level-store.ts'
import { isDamage } from '../storage/seal.ts'
import type { RecordWrite } from '../storage/store.ts'
import { lookAtChats } from './chats.ts'

/** Records that one commit writes. */
const AT_ONCE = 500

export interface Mended {
  /** Keys of records that were written again, or taken away. */
  readonly records: readonly string[]
  /** Documents that got again what the server had written into them. */
  readonly documents: readonly DocName[]
}

/** Nobody else may have the database open. Rejects with `StoreError`. */
export const mend = async (
  store: LevelStore,
  directory: Directory,
  now: () => number,
  actor: string,
): Promise<Mended> => {
  const made = await mendRecords(store, await store.documents(), now())
  const writes = [...(await straysOf(store)), ...(await filesOf(store))]
  for (let i = 0; i < writes.length; i += AT_ONCE) {
    const records = writes.slice(i, i + AT_ONCE)
    const keys = records.map(({ key }) => key)
    await store.commit({
      records,
      audit: [{ at: now(), actor, action: 'records.mended', details: { keys } }],
    })
  }
  const documents: DocName[] = []
  const wrong = (await lookAtChats(store)).flatMap(({ mends }) => mends ?? [])
  for (const doc of new Set(wrong)) {
    const ref = parseDocName(doc)
    const left = await store.read(doc).catch(ifDamaged)
    if (ref === undefined || left === undefined) continue
    const updates = rowsOf(left).map(({ update }) => update)
    const update = await sysAgain(directory, ref, updates)
    if (update === undefined) continue
    await store.commit({
      appends: [{ doc, update }],
      audit: [{ at: now(), actor, action: 'document.mended', subject: doc }],
    })
    documents.push(doc)
  }
  return { records: [...made, ...writes.map(({ key }) => key)], documents }
}

/** Memberships of those who are in no such chat, and addresses of accounts that are not there. */
const straysOf = async (store: LevelStore): Promise<readonly RecordWrite[]> => {
  const good = new Set<string>()
  for (const { value } of await store.listRecords(CHAT_PREFIX)) {
    const { id, members } = readChat(value)
    for (const { userId } of members) good.add(membershipKey(userId, id))
  }
  for (const { value } of await store.listRecords(USER_PREFIX)) {
    const { email } = readUser(value)
    if (email !== undefined) good.add(emailKey(email))
  }
  const found = [
    ...(await store.listRecords(MEMBERSHIP_PREFIX)),
    ...(await store.listRecords(EMAIL_PREFIX)),
  ]
  return found.filter(({ key }) => !good.has(key)).map(({ key }) => ({ key, value: null }))
}

/** The other half of a file's two records: without it, its bytes would not be kept, or for ever. */
const filesOf = async (store: LevelStore): Promise<readonly RecordWrite[]> => {
  const kept = new Set((await store.listRecords(BYTES_PREFIX)).map(({ key }) => key))
  const writes: RecordWrite[] = []
  for (const { key } of await store.listRecords(FILE_PREFIX)) {
    const place = readFileKey(key)
    if (place === undefined || kept.delete(bytesKey(place.hash, place.chat))) continue
    writes.push({ key: bytesKey(place.hash, place.chat), value: true })
  }
  return [...writes, ...[...kept].map((key) => ({ key, value: null }))]
}

const ifDamaged = (error: unknown): undefined => {
  if (!isDamage(error)) throw error
}
