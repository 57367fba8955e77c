/**
 * Records that are lost with a damaged part of the disk, made again of others: who is in which chat
 * of the chats, addresses of the accounts, and direct chats of their names. What only a record knew,
 * an account or a group, stays lost; the log and `admin.js doctor` say that something is.
 */
import {
  type ChatId,
  type DocName,
  directPair,
  type Month,
  parseDocName,
} from '@wardline/core/base/ids'
import { isDamage } from '../storage/seal.ts'
import type { RecordWrite, Store } from '../storage/store.ts'
import {
  type Chat,
  chatKey,
  membershipKey,
  readChat,
  writeChat,
  writeMembership,
} from './chat-record.ts'
import { memberOf } from './face.ts'
import { emailKey, readUser, USER_PREFIX, type User, userKey } from './user.ts'

type Records = Pick<Store, 'getRecord' | 'listRecords' | 'commit'>

/**
 * @param docs all documents that there are
 * @param now ms since 1970
 * @returns keys of the records that were made again
 */
export const mendRecords = async (
  store: Records,
  docs: readonly DocName[],
  now: number,
): Promise<readonly string[]> => {
  const lost: RecordWrite[] = []
  const need = async (write: RecordWrite): Promise<void> => {
    if ((await read(store, write.key)) === undefined) lost.push(write)
  }
  for (const { value } of await store.listRecords(USER_PREFIX)) {
    const { id, email } = readUser(value)
    if (email !== undefined) await need({ key: emailKey(email), value: { user: id } })
  }
  const months = new Map<ChatId, Month[]>()
  for (const doc of docs) {
    const ref = parseDocName(doc)
    if (ref?.kind === 'chat') months.set(ref.chat, months.get(ref.chat) ?? [])
    if (ref?.kind === 'page')
      months.set(ref.chat, [...(months.get(ref.chat) ?? []), ref.month].sort())
  }
  const chats = (await store.listRecords('chat/')).map(({ value }) => readChat(value))
  const known = new Set(chats.map(({ id }) => id))
  for (const [id, pages] of months) {
    const chat = known.has(id) ? undefined : await directChat(store, id, pages, now)
    if (chat === undefined) continue
    await need({ key: chatKey(id), value: writeChat(chat) })
    chats.push(chat)
  }
  for (const { id, members } of chats)
    for (const { userId } of members)
      await need({ key: membershipKey(userId, id), value: writeMembership(id) })
  if (lost.length === 0) return []
  const keys = lost.map(({ key }) => key)
  const audit = { at: now, actor: 'server', action: 'records.made-again', details: { keys } }
  await store.commit({ records: lost, audit: [audit] })
  return keys
}

const directChat = async (
  store: Records,
  id: ChatId,
  pages: readonly Month[],
  now: number,
): Promise<Chat | undefined> => {
  const pair = directPair(id)
  const [patient, doctor] = await Promise.all([
    pair && user(store, userKey(pair.patient)),
    pair && user(store, userKey(pair.doctor)),
  ])
  if (patient?.role !== 'patient' || doctor?.role !== 'doctor') return undefined
  // It went with them.
  if (patient.status === 'erased') return undefined
  const members = [memberOf(patient, 1, now), memberOf(doctor, 2, now)]
  return { id, kind: 'direct', createdAt: now, members, pages }
}

const user = async (store: Records, key: string): Promise<User | undefined> => {
  const found = await read(store, key)
  return found && readUser(found.value)
}

const read = (store: Records, key: string) =>
  store.getRecord(key).catch((error: unknown) => {
    if (!isDamage(error)) throw error
    return undefined
  })
