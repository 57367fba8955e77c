/** A chat's line as it was last shown. */
import { parseChatId } from '@wardline/core/base/ids'
import { parsePerson } from '@wardline/core/client/model/parse-person'
import type { ChatSummary, LastMessage, Person } from '@wardline/core/client/model/views'
import { countIn, fieldsOf, flagIn, listIn, numberIn, textIn } from './fields.ts'

/** What a line shows of a chat, without what holds for a moment only. */
export interface ChatLine
  extends Pick<
    ChatSummary,
    | 'id'
    | 'kind'
    | 'title'
    | 'peer'
    | 'patients'
    | 'left'
    | 'unread'
    | 'markedUnread'
    | 'onRounds'
    | 'pinned'
    | 'muted'
    | 'blocked'
    | 'closed'
    | 'last'
  > {
  /** Beginning of what stands unfinished in the composer. */
  draft: string
}

/** Undefined when anything in it is not as it has to be. */
export const parseLine = (value: unknown): ChatLine | undefined => {
  const given = fieldsOf(value)
  const id = parseChatId(textIn(given.id) ?? '')
  const title = textIn(given.title)
  const draft = textIn(given.draft)
  const unread = countIn(given.unread)
  const peer = given.peer === null ? null : parseShownPerson(given.peer)
  const patients = listIn(given.patients).map(parseShownPerson)
  const last = given.last === null ? null : parseLast(given.last)
  const flags = flagsIn(given)
  const { kind } = given
  if ((kind !== 'direct' && kind !== 'group') || !Array.isArray(given.patients)) return undefined
  if (id === undefined || title === undefined || draft === undefined) return undefined
  if (unread === undefined || peer === undefined || last === undefined) return undefined
  if (flags === undefined || patients.includes(undefined)) return undefined
  const known = patients.filter((person) => person !== undefined)
  return { id, kind, title, peer, patients: known, unread, last, draft, ...flags }
}

export const parseShownPerson = (value: unknown): Person | undefined => {
  const person = parsePerson(value)
  const closed = fieldsOf(value).accountClosed === true
  return person && { ...person, ...(closed && { accountClosed: true }) }
}

const flagNames = [
  'left',
  'markedUnread',
  'onRounds',
  'pinned',
  'muted',
  'blocked',
  'closed',
] as const
type Flags = Record<(typeof flagNames)[number], boolean>

const flagsIn = (given: Readonly<Record<string, unknown>>): Flags | undefined => {
  if (flagNames.some((name) => flagIn(given[name]) === undefined)) return undefined
  return Object.fromEntries(flagNames.map((name) => [name, given[name]])) as Flags
}

const statuses = [null, 'waiting', 'stored', 'delivered', 'read'] as const

const parseLast = (value: unknown): LastMessage | undefined => {
  const given = fieldsOf(value)
  const text = textIn(given.text)
  const files = countIn(given.files)
  const at = numberIn(given.at)
  const arrivedAt = given.arrivedAt === null ? null : numberIn(given.arrivedAt)
  const mine = flagIn(given.mine)
  const retracted = flagIn(given.retracted)
  const status = statuses.find((each) => each === given.status)
  const authorName = textIn(given.authorName)
  const { name, type } = fieldsOf(given.file)
  const file = typeof name === 'string' && typeof type === 'string' ? { name, type } : null
  if (text === undefined || files === undefined || at === undefined) return undefined
  if (arrivedAt === undefined || mine === undefined || retracted === undefined) return undefined
  if (status === undefined) return undefined
  const author = authorName === undefined ? {} : { authorName }
  return { text, files, file, at, arrivedAt, mine, retracted, status, ...author }
}
