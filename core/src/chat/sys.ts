/**
 * What the server writes into the root map `sys` of a user's and a chat's document, both ways.
 * Every key is set once and never changes, so a later version of a fact gets a key of its own.
 *
 * In `user/<userId>`: `chat/<chatId>` and, for later versions, `chat/<chatId>/<version>` →
 * {@link UserChat}. In `chat/<chatId>`: `kind` → {@link ChatKind}; `title/<version>` → string;
 * `member/<index>/<version>` → {@link SysMember}; `event/<n>` → {@link SysEvent};
 * `page/<yyyy-mm>` → true. Of several versions the largest holds. A chat counts its versions once
 * for all keys: each change of its members or its title takes the next one.
 *
 * Reading skips keys and values it does not know: they come from a later server.
 */
import { MAX_INDEX, type MemberIndex } from '../base/client-id.ts'
import {
  type ChatId,
  type Month,
  parseChatId,
  parseMonth,
  parseUserId,
  type UserId,
} from '../base/ids.ts'
import { type BirthDate, parseBirthDate } from './birth-date.ts'
import { isTime } from './entry.ts'
import { type MemberRole, parseMemberRole } from './role.ts'

export type ChatKind = 'direct' | 'group'

/** A member as a chat list shows them. */
export interface ChatMember {
  readonly index: MemberIndex
  readonly userId: UserId
  readonly name: string
  readonly role: MemberRole
  /** Only of doctors, and only when known. */
  readonly specialty?: string
  /** Only of patients, in groups only for their doctors, and only when known. */
  readonly birthDate?: BirthDate
  /** Their account is closed: they read and write no more. */
  readonly closed?: true
}

/** A member as a user's document holds them. */
export interface UserChatMember extends ChatMember {
  /** Milliseconds: since when they are in it; only of groups. */
  readonly since?: number
  /** Of the user themself, who is out of it. */
  readonly left?: true
}

/** A chat of a user. */
export interface UserChat {
  readonly kind: ChatKind
  /** Of a group. */
  readonly title?: string
  /** As of this version; the user is always among them. */
  readonly members: readonly UserChatMember[]
  /** Milliseconds: when the user joined. */
  readonly at: number
  /** The user is out of it. */
  readonly left?: true
  /** It was erased for everybody: nothing of it may stay. */
  readonly erased?: true
  /** Members of a direct chat who take no messages in it; nobody, if it is not there. */
  readonly closedBy?: readonly MemberIndex[]
  /** Of a group: by this the server knows its own word again, should it have lost it. */
  readonly sealed?: GroupSealed
}

/** Since when a group is as a version says, in ms, the largest index that anybody had, and the seal. */
export interface GroupSealed {
  readonly at: number
  readonly top: number
  readonly seal: string
}

/** A member as the chat's document holds them. */
export interface SysMember extends ChatMember {
  /** Milliseconds: since when this holds, so when they joined or left. */
  readonly at: number
  readonly left?: true
}

/** Somebody joined or left, at `at` milliseconds. */
export interface SysEvent {
  readonly event: 'joined' | 'left'
  readonly index: MemberIndex
  readonly name: string
  readonly at: number
  /** Who did it, if it was not themself; unknown in old chats. */
  readonly by?: UserId
}

/** All that a chat document's `sys` says. */
export interface ChatSys {
  /** Undefined until the server's first write has arrived. */
  readonly kind: ChatKind | undefined
  /** '' for none. */
  readonly title: string
  /** Largest version that it holds of anything; 0 for nothing. */
  readonly version: number
  /** By index, ascending; those who left too. */
  readonly members: readonly SysMember[]
  /** By number, ascending. */
  readonly events: readonly (SysEvent & { readonly n: number })[]
  /** Newest first. */
  readonly pages: readonly Month[]
}

export const KIND_KEY = 'kind'
export const userChatKey = (chat: ChatId, version = 1): string =>
  version === 1 ? `chat/${chat}` : `chat/${chat}/${version}`
export const titleKey = (version: number): string => `title/${version}`
export const memberKey = (index: MemberIndex, version: number): string =>
  `member/${index}/${version}`
export const eventKey = (n: number): string => `event/${n}`
export const pageKey = (month: Month): string => `page/${month}`

/** Reads the entries of a chat document's `sys`; give it `map.entries()`. */
export const readChatSys = (entries: Iterable<readonly [string, unknown]>): ChatSys => {
  let kind: ChatKind | undefined
  let title = { version: 0, text: '' }
  const members = new Map<MemberIndex, { version: number; member: SysMember }>()
  const events: (SysEvent & { n: number })[] = []
  const pages: Month[] = []
  for (const [key, value] of entries) {
    const [family, first = '', second, ...rest] = key.split('/')
    if (rest.length > 0) continue
    if (key === KIND_KEY) kind = readKind(value)
    else if (family === 'title' && second === undefined) {
      const version = readNumber(first)
      if (version !== undefined && version > title.version && typeof value === 'string')
        title = { version, text: value }
    } else if (family === 'member') {
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
  const versions = [...members.values()].map(({ version }) => version)
  return {
    kind,
    title: title.text,
    version: Math.max(title.version, ...versions),
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
): ReadonlyMap<ChatId, UserChat & { readonly version: number }> => {
  // Of many versions one is read: a list of a hundred members is not free.
  const newest = new Map<ChatId, { version: number; value: unknown }>()
  for (const [key, value] of entries) {
    const [family, id = '', number = '1', ...rest] = key.split('/')
    const chat = family === 'chat' && rest.length === 0 ? parseChatId(id) : undefined
    const version = readNumber(number)
    if (chat === undefined || version === undefined || !isRecord(value)) continue
    if (version > (newest.get(chat)?.version ?? 0)) newest.set(chat, { version, value })
  }
  const chats = new Map<ChatId, UserChat & { version: number }>()
  for (const [chat, { version, value }] of newest) {
    const read = readUserChat(value)
    if (read !== undefined) chats.set(chat, { ...read, version })
  }
  return chats
}

const readUserChat = (value: unknown): UserChat | undefined => {
  if (!isRecord(value)) return undefined
  const kind = readKind(value.kind)
  if (kind === undefined || !isTime(value.at) || !Array.isArray(value.members)) return undefined
  const members: UserChatMember[] = []
  for (const item of value.members as unknown[]) {
    const member = isRecord(item) ? readMember(item, item.index) : undefined
    if (!isRecord(item) || member === undefined) return undefined
    const { since, left } = item
    members.push({ ...member, ...(isTime(since) && { since }), ...(left === true && { left }) })
  }
  const { title, at, left } = value
  const sealed = readSealed(value.sealed)
  const closedBy = Array.isArray(value.closedBy) ? value.closedBy.filter(isIndex) : []
  return {
    kind,
    ...(typeof title === 'string' && { title }),
    members,
    at,
    ...(left === true && { left }),
    ...(value.erased === true && { erased: true }),
    ...(sealed !== undefined && { sealed }),
    ...(closedBy.length > 0 && { closedBy }),
  }
}

const readSealed = (value: unknown): GroupSealed | undefined => {
  if (!isRecord(value) || !isTime(value.at)) return undefined
  const { at, top, seal } = value
  return isIndex(top) && typeof seal === 'string' ? { at, top, seal } : undefined
}

const readSysMember = (value: unknown, index: number | undefined): SysMember | undefined => {
  if (!isRecord(value) || !isTime(value.at)) return undefined
  const member = readMember(value, index)
  return member && { ...member, at: value.at, ...(value.left === true && { left: true }) }
}

const readMember = (value: Record<string, unknown>, index: unknown): ChatMember | undefined => {
  const { userId: id, name, specialty, closed } = value
  const userId = typeof id === 'string' ? parseUserId(id) : undefined
  if (userId === undefined || !isIndex(index) || typeof name !== 'string') return undefined
  const role = parseMemberRole(value.role)
  if (role === undefined) return undefined
  const birthDate = parseBirthDate(value.birthDate)
  return {
    index,
    userId,
    name,
    role,
    ...(typeof specialty === 'string' && { specialty }),
    ...(birthDate !== undefined && { birthDate }),
    ...(closed === true && { closed }),
  }
}

const readEvent = (value: unknown): SysEvent | undefined => {
  if (!isRecord(value)) return undefined
  const { event, index, name, at } = value
  const by = typeof value.by === 'string' ? parseUserId(value.by) : undefined
  if (event !== 'joined' && event !== 'left') return undefined
  if (!isIndex(index) || typeof name !== 'string' || !isTime(at)) return undefined
  return { event, index, name, at, ...(by !== undefined && { by }) }
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
