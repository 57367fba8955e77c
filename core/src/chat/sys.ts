/**
 * What the server writes into the root map `sys` of a user's and a chat's document, both ways.
 * Every key is set once and never changes, so a later version of a fact gets a key of its own.
 *
 * In `user/<userId>`: `chat/<chatId>` → {@link UserChat}.
 * In `chat/<chatId>`: `kind` → {@link ChatKind}; `member/<index>/<version>` → {@link SysMember},
 * of which the largest version holds; `event/<n>` → {@link SysEvent}; `page/<yyyy-mm>` → true.
 *
 * Reading skips keys and values it does not know: they come from a later server.
 */
import { MAX_INDEX, type MemberIndex } from '../ids/client-id.ts'
import {
  type ChatId,
  type Month,
  parseChatId,
  parseMonth,
  parseUserId,
  type UserId,
} from '../ids/ids.ts'
import { isTime } from './entry.ts'

export type ChatKind = 'direct' | 'group'
export type MemberRole = 'patient' | 'doctor'

/** A member as a chat list shows them. */
export interface ChatMember {
  readonly index: MemberIndex
  readonly userId: UserId
  readonly name: string
  readonly role: MemberRole
  /** Only of doctors, and only when known. */
  readonly specialty?: string
}

/** A chat of a user. */
export interface UserChat {
  readonly kind: ChatKind
  /** As they were when the user joined; the chat's own document has them as they are. */
  readonly members: readonly ChatMember[]
  /** Milliseconds: when the user joined. */
  readonly at: number
}

/** A member as the chat's document holds them. */
export interface SysMember extends ChatMember {
  /** Milliseconds: since when this holds. */
  readonly at: number
}

/** Somebody joined or left, at `at` milliseconds. */
export interface SysEvent {
  readonly event: 'joined' | 'left'
  readonly index: MemberIndex
  readonly name: string
  readonly at: number
}

/** All that a chat document's `sys` says. */
export interface ChatSys {
  /** Undefined until the server's first write has arrived. */
  readonly kind: ChatKind | undefined
  /** By index, ascending. */
  readonly members: readonly SysMember[]
  /** By number, ascending. */
  readonly events: readonly (SysEvent & { readonly n: number })[]
  /** Newest first. */
  readonly pages: readonly Month[]
}

export const KIND_KEY = 'kind'
export const userChatKey = (chat: ChatId): string => `chat/${chat}`
export const memberKey = (index: MemberIndex, version: number): string =>
  `member/${index}/${version}`
export const eventKey = (n: number): string => `event/${n}`
export const pageKey = (month: Month): string => `page/${month}`

/** Reads the entries of a chat document's `sys`; give it `map.entries()`. */
export const readChatSys = (entries: Iterable<readonly [string, unknown]>): ChatSys => {
  let kind: ChatKind | undefined
  const members = new Map<MemberIndex, { version: number; member: SysMember }>()
  const events: (SysEvent & { n: number })[] = []
  const pages: Month[] = []
  for (const [key, value] of entries) {
    const [family, first = '', second, ...rest] = key.split('/')
    if (rest.length > 0) continue
    if (key === KIND_KEY) kind = readKind(value)
    else if (family === 'member') {
      const index = readNumber(first)
      const version = readNumber(second ?? '')
      const member = readSysMember(value, index)
      if (version === undefined || member === undefined) continue
      const known = members.get(member.index)
      if (known === undefined || known.version < version)
        members.set(member.index, { version, member })
    } else if (family === 'event' && second === undefined) {
      const n = readNumber(first)
      const event = readEvent(value)
      if (n !== undefined && event !== undefined) events.push({ ...event, n })
    } else if (family === 'page' && second === undefined) {
      const month = parseMonth(first)
      if (month !== undefined && value === true) pages.push(month)
    }
  }
  return {
    kind,
    members: [...members.values()]
      .map(({ member }) => member)
      .sort((one, other) => one.index - other.index),
    events: events.sort((one, other) => one.n - other.n),
    pages: pages.sort().reverse(),
  }
}

/** Reads the entries of a user document's `sys`; give it `map.entries()`. */
export const readUserSys = (
  entries: Iterable<readonly [string, unknown]>,
): ReadonlyMap<ChatId, UserChat> => {
  const chats = new Map<ChatId, UserChat>()
  for (const [key, value] of entries) {
    const [family, id = '', ...rest] = key.split('/')
    const chat = family === 'chat' && rest.length === 0 ? parseChatId(id) : undefined
    const read = readUserChat(value)
    if (chat !== undefined && read !== undefined) chats.set(chat, read)
  }
  return chats
}

const readUserChat = (value: unknown): UserChat | undefined => {
  if (!isRecord(value)) return undefined
  const kind = readKind(value.kind)
  if (kind === undefined || !isTime(value.at) || !Array.isArray(value.members)) return undefined
  const members: ChatMember[] = []
  for (const item of value.members as unknown[]) {
    const member = isRecord(item) ? readMember(item, item.index) : undefined
    if (member === undefined) return undefined
    members.push(member)
  }
  return { kind, members, at: value.at }
}

const readSysMember = (value: unknown, index: number | undefined): SysMember | undefined => {
  if (!isRecord(value) || !isTime(value.at)) return undefined
  const member = readMember(value, index)
  return member && { ...member, at: value.at }
}

const readMember = (value: Record<string, unknown>, index: unknown): ChatMember | undefined => {
  const { userId: id, name, role, specialty } = value
  const userId = typeof id === 'string' ? parseUserId(id) : undefined
  if (userId === undefined || !isIndex(index) || typeof name !== 'string') return undefined
  if (role !== 'patient' && role !== 'doctor') return undefined
  return { index, userId, name, role, ...(typeof specialty === 'string' && { specialty }) }
}

const readEvent = (value: unknown): SysEvent | undefined => {
  if (!isRecord(value)) return undefined
  const { event, index, name, at } = value
  if (event !== 'joined' && event !== 'left') return undefined
  if (!isIndex(index) || typeof name !== 'string' || !isTime(at)) return undefined
  return { event, index, name, at }
}

const readKind = (value: unknown): ChatKind | undefined =>
  value === 'direct' || value === 'group' ? value : undefined

const readNumber = (text: string): number | undefined =>
  /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined

/** A person's index: 0 is the server and never a member. */
const isIndex = (value: unknown): value is MemberIndex =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_INDEX

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
