/**
 * What of somebody's chats goes when their account is erased.
 *
 * A patient: their direct chats go as a whole, for the other side too. In a group they become
 * somebody without a name, and what they wrote is taken back.
 *
 * Anybody else: what they wrote where there is a patient is part of that patient's record and stays,
 * with the name, as long as the patient does. In a group without patients it is as for a patient.
 */
import type { Writer } from '@wardline/core/base/client-id'
import {
  type ChatId,
  chatDoc,
  type DocName,
  pageDoc,
  parseChatId,
  type UserId,
  userDoc,
} from '@wardline/core/base/ids'
import { userChatKey } from '@wardline/core/chat/sys'
import type { Append, RecordWrite, Store } from '../storage/store.ts'
import type { VersionedChat } from './chat-cache.ts'
import {
  type Chat,
  chatKey,
  type Member,
  membershipKey,
  membershipPrefix,
  readMembership,
  writeChat,
} from './chat-record.ts'
import { eraseAll, eraseKeys } from './erased-content.ts'
import { type Face, withFaces } from './face.ts'
import { type FaceTellers, tellFaces } from './face-updates.ts'
import { formerPrefix } from './former-members.ts'
import { encodeErasedChat } from './sys-updates.ts'
import { ERASED_NAME, type User } from './user.ts'

/** What a commit has to store, and what is left to be done after it. */
export interface ChatErasure {
  readonly records: readonly RecordWrite[]
  readonly appends: readonly Append[]
  /** Chats that are no more, with all that was in them. */
  readonly gone: readonly ChatId[]
  /** Chats in which what they wrote is to be taken back. */
  readonly speechless: readonly ChatId[]
  /** To be called when it is durable, with the number of the commit. */
  done(seq: number): void
}

export interface ErasureOptions extends FaceTellers {
  readonly store: Store
  find(id: ChatId, fresh: boolean): Promise<VersionedChat | undefined>
  know(entry: VersionedChat): void
  /** The chat is no more. */
  forget(chat: ChatId): void
  getUser(id: UserId): Promise<User | undefined>
  /** Closes what somebody has open of a chat. */
  removed(user: UserId, chat: ChatId): void
  newWriter(): Writer
}

/** Rejects with `StoreError`. */
export const eraseChats = async (user: User, options: ErasureOptions): Promise<ChatErasure> => {
  const { store, find } = options
  const lists = await Promise.all(
    [membershipPrefix(user.id), formerPrefix(user.id)].map((prefix) => store.listRecords(prefix)),
  )
  const ids = new Set(lists.flat().map(({ value }) => readMembership(value)))
  const parts: ChatErasure[] = []
  for (const id of ids) {
    const found = await find(id, true)
    if (found === undefined) continue
    const { chat } = found
    if (chat.kind === 'direct' && user.role === 'patient')
      parts.push(await whole(found, user, options))
    else if (chat.kind === 'group' && !(await isRecordOfOthers(chat, user, options)))
      parts.push(await nameless(found, user, options))
  }
  const own = await eraseAll(store, userDoc(user.id))
  return {
    records: parts.flatMap(({ records }) => records),
    appends: [...parts.flatMap(({ appends }) => appends), ...(own === undefined ? [] : [own])],
    gone: parts.flatMap(({ gone }) => gone),
    speechless: parts.flatMap(({ speechless }) => speechless),
    done(seq) {
      for (const part of parts) part.done(seq)
    },
  }
}

/** Whether a patient's treatment is in it who is somebody else. */
const isRecordOfOthers = async (
  { members, group }: Chat,
  user: User,
  { getUser }: ErasureOptions,
): Promise<boolean> => {
  if (user.role === 'patient') return false
  const patients = [...members, ...(group?.former ?? [])].filter(({ role }) => role === 'patient')
  const accounts = await Promise.all(patients.map(({ userId }) => getUser(userId)))
  return accounts.some((account) => account?.status !== 'erased')
}

/** The chat goes, with its pages; the other one is told that it is gone. */
const whole = async (
  { chat, version }: VersionedChat,
  user: User,
  { store, newWriter, forget, removed }: ErasureOptions,
): Promise<ChatErasure> => {
  const { id, members, pages, closing } = chat
  const docs: DocName[] = [chatDoc(id), ...pages.map((month) => pageDoc(id, month))]
  const erased = await Promise.all(docs.map((doc) => eraseAll(store, doc)))
  const others = members.filter(isOther(user))
  const next = (closing?.version ?? 1) + 1
  const told = others.map((member) => ({
    doc: userDoc(member.userId),
    update: encodeErasedChat(id, member, next, newWriter()),
  }))
  const before = await Promise.all(others.map(({ userId }) => eraseVersions(store, userId, id)))
  return {
    records: [
      { key: chatKey(id), value: null, expect: version },
      ...members.map(({ userId }) => ({ key: membershipKey(userId, id), value: null })),
    ],
    appends: [...told, ...[...erased, ...before].filter((append) => append !== undefined)],
    gone: [id],
    speechless: [],
    done() {
      forget(id)
      for (const { userId } of members) removed(userId, id)
    },
  }
}

/** A group in which they have no name any more, in whichever version of it. */
const nameless = async (
  { chat, version }: VersionedChat,
  user: User,
  options: ErasureOptions,
): Promise<ChatErasure> => {
  const { store, know, toGroup } = options
  const face: Face = { id: user.id, name: ERASED_NAME, role: user.role, closed: true }
  const faced = withFaces(chat, new Map([[user.id, face]]))
  const group = faced?.chat.group
  const rest = { gone: [], speechless: [chat.id] }
  if (faced === undefined || group === undefined)
    return { records: [], appends: [], ...rest, done() {} }
  const next = { ...faced.chat, group }
  const everybody = [...next.members, ...group.former]
  const index = everybody.find(({ userId }) => userId === user.id)?.index
  const isOld = (key: string, value: unknown): boolean => {
    const [family, first] = key.split('/')
    if (family === 'member') return first === String(index)
    return family === 'event' && (value as { index?: unknown } | null)?.index === index
  }
  const others = everybody.filter(isOther(user))
  const erased = await Promise.all([
    eraseKeys(store, chatDoc(chat.id), isOld),
    ...others.map(({ userId }) => eraseVersions(store, userId, chat.id)),
  ])
  // Who is out of it had the names as they were then.
  const told = [...tellFaces(faced, options), ...toGroup(next, group.former.filter(isOther(user)))]
  return {
    records: [{ key: chatKey(chat.id), value: writeChat(next), expect: version }],
    appends: [
      ...told.filter(({ doc }) => doc !== userDoc(user.id)),
      ...erased.filter((append) => append !== undefined),
    ],
    ...rest,
    done: (seq) => know({ chat: next, version: seq }),
  }
}

const isOther =
  ({ id }: User) =>
  ({ userId }: Member): boolean =>
    userId !== id

/** All that somebody's document says of a chat by now. */
const eraseVersions = (store: Store, user: UserId, chat: ChatId): Promise<Append | undefined> =>
  eraseKeys(store, userDoc(user), (key) => {
    const [family, id = ''] = key.split('/')
    return family === 'chat' && parseChatId(id) === chat && key.startsWith(userChatKey(chat))
  })
