/**
 * Branded identifiers. Only the `parse…` and `…Of` functions here hand them out, so a value of
 * one of these types has been checked once, at the edge where it came in.
 */
declare const brand: unique symbol
type Brand<T, B extends string> = T & { readonly [brand]: B }

/** A person. 4 to 40 of `a-z 0-9 -`, starting with a letter or digit. */
export type UserId = Brand<string, 'UserId'>
/** One browser profile, or one program, of one user. */
export type DeviceId = Brand<string, 'DeviceId'>
/** `dm.<patient>.<doctor>` for a direct chat, `g.<random>` for a group. */
export type ChatId = Brand<string, 'ChatId'>
/** A calendar month in UTC, `yyyy-mm`. */
export type Month = Brand<string, 'Month'>
/** Name of a Yjs document: `user/<userId>`, `chat/<chatId>` or `chat/<chatId>/<yyyy-mm>`. */
export type DocName = Brand<string, 'DocName'>

const userPattern = /^[a-z0-9][a-z0-9-]{3,39}$/
const devicePattern = /^[a-z0-9]{8,32}$/
const groupPattern = /^g\.[a-z0-9]{16,32}$/
/** From 1970 on: nothing can be dated before. */
const monthPattern = /^(19[7-9]\d|[2-9]\d{3})-(0[1-9]|1[0-2])$/

export const parseUserId = (text: string): UserId | undefined =>
  userPattern.test(text) ? (text as UserId) : undefined

export const parseDeviceId = (text: string): DeviceId | undefined =>
  devicePattern.test(text) ? (text as DeviceId) : undefined

export const parseMonth = (text: string): Month | undefined =>
  monthPattern.test(text) ? (text as Month) : undefined

export const parseChatId = (text: string): ChatId | undefined =>
  groupPattern.test(text) || directPair(text) !== undefined ? (text as ChatId) : undefined

/**
 * The chat of a patient and a doctor. It derives from the pair alone, so that both can start it
 * offline, before the server has heard of it, and it is the same chat.
 */
export const directChatId = (patient: UserId, doctor: UserId): ChatId =>
  `dm.${patient}.${doctor}` as ChatId

/** The pair behind a direct chat's id; undefined for any other id. */
export const directPair = (chat: string): { patient: UserId; doctor: UserId } | undefined => {
  const parts = chat.split('.')
  if (parts.length !== 3 || parts[0] !== 'dm') return undefined
  const patient = parseUserId(parts[1] ?? '')
  const doctor = parseUserId(parts[2] ?? '')
  return patient === undefined || doctor === undefined || patient === doctor
    ? undefined
    : { patient, doctor }
}

/** The month, in UTC, in which `at` (milliseconds since 1970) lies. */
export const monthOf = (at: number): Month => {
  // The gate asks for each entry, and nearly all are of one month.
  if (!(at >= lastMonth.start && at < lastMonth.end)) lastMonth = spanOf(at)
  return lastMonth.month
}

const spanOf = (at: number): { month: Month; start: number; end: number } => {
  const month = new Date(at).toISOString().slice(0, 7) as Month
  const start = monthStart(month)
  const date = new Date(start)
  return { month, start, end: date.setUTCMonth(date.getUTCMonth() + 1) }
}

/** First millisecond (UTC) of a month. */
export const monthStart = (month: Month): number => Date.parse(`${month}-01T00:00:00.000Z`)

let lastMonth = spanOf(0)

/** What a document's name says about it. */
export type DocRef =
  | { readonly kind: 'user'; readonly user: UserId }
  | { readonly kind: 'chat'; readonly chat: ChatId }
  | { readonly kind: 'page'; readonly chat: ChatId; readonly month: Month }

export const userDoc = (user: UserId): DocName => `user/${user}` as DocName
export const chatDoc = (chat: ChatId): DocName => `chat/${chat}` as DocName
export const pageDoc = (chat: ChatId, month: Month): DocName => `chat/${chat}/${month}` as DocName

/** Names that were read, as every frame and every decision asks for the same ones again. */
const known = new Map<string, DocRef>()
const MOST_KNOWN = 10_000

/** Reads a document's name; undefined when it is none. */
export const parseDocName = (text: string): DocRef | undefined => {
  const before = known.get(text)
  if (before !== undefined) return before
  const ref = readDocName(text)
  if (ref === undefined) return undefined
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(text, ref)
  return ref
}

const readDocName = (text: string): DocRef | undefined => {
  const [family, id = '', month, ...rest] = text.split('/')
  if (rest.length > 0) return undefined
  if (family === 'user' && month === undefined) {
    const user = parseUserId(id)
    return user && { kind: 'user', user }
  }
  if (family !== 'chat') return undefined
  const chat = parseChatId(id)
  if (chat === undefined) return undefined
  if (month === undefined) return { kind: 'chat', chat }
  const parsed = parseMonth(month)
  return parsed && { kind: 'page', chat, month: parsed }
}

/** The name of the document that a reference stands for. */
export const docNameOf = (ref: DocRef): DocName => {
  switch (ref.kind) {
    case 'user':
      return userDoc(ref.user)
    case 'chat':
      return chatDoc(ref.chat)
    case 'page':
      return pageDoc(ref.chat, ref.month)
  }
}
