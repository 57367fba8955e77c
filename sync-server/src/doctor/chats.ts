/**
 * Whether the records of chats, the memberships that lead to them, and what the documents of chats
 * and of their members say agree.
 */
import {
  type ChatId,
  chatDoc,
  type DocName,
  parseDocName,
  type UserId,
  userDoc,
} from '@wardline/core/base/ids'
import { SYS } from '@wardline/core/chat/lanes'
import { readChatSys, readUserSys } from '@wardline/core/chat/sys'
import {
  CHAT_PREFIX,
  type Chat,
  MEMBERSHIP_PREFIX,
  type Member,
  membershipKey,
  readChat,
} from '../directory/chat-record.ts'
import { USER_PREFIX } from '../directory/user.ts'
import { withDoc } from '../storage/doc-content.ts'
import type { LevelStore } from '../storage/level-store.ts'
import { isDamage } from '../storage/seal.ts'
import type { StoredRecord } from '../storage/store.ts'
import type { Problem } from './problem.ts'

type Readable = Pick<LevelStore, 'documents' | 'read' | 'listRecords'>

export const lookAtChats = async (store: Readable): Promise<readonly Problem[]> => {
  const problems: Problem[] = []
  const tell = (what: string, mends?: DocName): void =>
    void problems.push({ kind: 'chat', what, ...(mends !== undefined && { mends }) })
  const chats = new Map<string, Chat>()
  for (const record of await store.listRecords(CHAT_PREFIX)) {
    const chat = readOr(record, tell, readChat)
    if (chat !== undefined) chats.set(chat.id, chat)
  }
  const accounts = new Map(
    (await store.listRecords(USER_PREFIX)).map(({ key, value }) => [key, value]),
  )
  const memberships = new Set((await store.listRecords(MEMBERSHIP_PREFIX)).map(({ key }) => key))
  const byUser = new Map<UserId, [Chat, Member][]>()
  for (const chat of chats.values()) {
    for (const member of chat.members) {
      const { userId } = member
      byUser.set(userId, [...(byUser.get(userId) ?? []), [chat, member]])
      if (!memberships.delete(membershipKey(userId, chat.id)))
        tell(`chat ${chat.id}: ${userId} is in it, but is not led to it`)
      if (!accounts.has(USER_PREFIX + userId))
        tell(`chat ${chat.id}: its member ${userId} has no account`)
    }
    const why = await sysOf(store, chatDoc(chat.id), (entries) => isChat(chat, entries))
    if (why !== undefined) tell(`chat ${chat.id}: its document ${why}`, chatDoc(chat.id))
  }
  for (const key of memberships) {
    const [, user, chat] = key.split('/')
    tell(`chat ${chat}: ${user} is led to it, but is not in it`)
  }
  for (const [user, their] of byUser) {
    // Of who was erased a group keeps a member without a name, and nobody reads their document.
    if (isErased(accounts.get(USER_PREFIX + user))) continue
    const why = await sysOf(store, userDoc(user), (entries) => {
      const known = readUserSys(entries)
      for (const [chat, member] of their) {
        const said = known.get(chat.id)
        if (said === undefined || said.left === true) tell(lacks(user, chat.id), userDoc(user))
        else if (!isSame(said.members, chat.members))
          tell(
            `chat ${chat.id}: the document of ${user}, number ${member.index}, has other members`,
            userDoc(user),
          )
      }
      return undefined
    })
    if (why !== undefined)
      for (const [chat] of their) tell(`${lacks(user, chat.id)}: it ${why}`, userDoc(user))
  }
  for (const doc of await store.documents()) {
    const ref = parseDocName(doc)
    if (ref === undefined || ref.kind === 'user' || chats.has(ref.chat)) continue
    if (await isEmpty(store, doc)) continue
    tell(`document ${doc}: there is no record of its chat`)
  }
  return problems
}

/** As an account's record that cannot be understood is not, it is told of elsewhere. */
const isErased = (account: unknown): boolean =>
  typeof account === 'object' &&
  account !== null &&
  'status' in account &&
  account.status === 'erased'

/** Whether everything in a document was deleted, as of a chat that went with a patient. */
const isEmpty = async (store: Pick<LevelStore, 'read'>, doc: DocName): Promise<boolean> => {
  try {
    return withDoc(await store.read(doc), (read) =>
      [...read.store.clients.values()].every((structs) =>
        structs.every((struct) => struct.deleted),
      ),
    )
  } catch {
    return true // What cannot be read is told of as that.
  }
}

const lacks = (user: UserId, chat: ChatId): string =>
  `chat ${chat}: the document of its member ${user} does not have it`

const isChat = (chat: Chat, entries: Iterable<readonly [string, unknown]>): string | undefined => {
  const said = readChatSys(entries)
  if (said.kind !== chat.kind) return 'does not say what kind of chat it is'
  const present = said.members.filter(({ left }) => left !== true)
  return isSame(present, chat.members) ? undefined : 'has other members'
}

interface Numbered {
  readonly index: number
  readonly userId: UserId
  readonly left?: true
}

const isSame = (said: readonly Numbered[], known: readonly Numbered[]): boolean => {
  const people = (members: readonly Numbered[]): string =>
    members
      .map(({ index, userId }) => `${index} ${userId}`)
      .sort()
      .join()
  return people(said.filter(({ left }) => left !== true)) === people(known)
}

/** What `look` makes of the server's part of a document, or why there is none. */
const sysOf = async (
  store: Pick<LevelStore, 'read'>,
  doc: DocName,
  look: (entries: Iterable<readonly [string, unknown]>) => string | undefined,
): Promise<string | undefined> => {
  try {
    const content = await store.read(doc)
    if (content.head === 0) return 'is not there'
    return withDoc(content, (read) => look(read.getMap(SYS).entries()))
  } catch (error) {
    // A document that is damaged is told of as one.
    if (isDamage(error)) return undefined
    return `cannot be read: ${String(error)}`
  }
}

/** What a record says; undefined, and told, when it says nothing that can be read. */
export const readOr = <T>(
  record: StoredRecord,
  tell: (what: string) => void,
  read: (value: unknown) => T,
): T | undefined => {
  try {
    return read(record.value)
  } catch {
    tell(`record ${record.key}: it cannot be understood`)
    return undefined
  }
}
