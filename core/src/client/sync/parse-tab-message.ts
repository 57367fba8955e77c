/**
 * Reads what another tab posted. It may run an older or a newer version of this program, so that
 * what cannot be read is dropped. Every kind there is has its reader, or this does not compile.
 */
import { type DocName, docNameOf, parseChatId, parseDocName, parseUserId } from '../../base/ids.ts'
import type { PersonPresence } from '../../protocol/frames.ts'
import { parseDraft } from '../model/composer-draft.ts'
import type { DraftUse } from '../model/draft-book.ts'
import type { Opening } from '../model/ports.ts'
import type { AsOf, RecentFileCounts } from '../model/rounds.ts'
import type { ConnectionView } from '../model/views.ts'
import type { TabMessage } from './tab-bus.ts'

export interface Posted {
  /** Which tab. */
  from: string
  message: TabMessage
}

type Unknown = Readonly<Record<string, unknown>>
type Kind = TabMessage['type']
type Of<K extends Kind> = Omit<Extract<TabMessage, { type: K }>, 'type'>
type Reader<T> = (value: unknown) => T | undefined

const fieldsOf = (value: unknown): Unknown =>
  typeof value === 'object' && value !== null ? (value as Unknown) : {}

/** An object of these fields; undefined when one of them cannot be read. */
const record =
  <T extends object>(readers: { readonly [F in keyof T]-?: Reader<T[F]> }): Reader<T> =>
  (value) => {
    const fields = fieldsOf(value)
    const read: Partial<T> = {}
    for (const name of Object.keys(readers) as (keyof T & string)[]) {
      const field = readers[name](fields[name])
      if (field === undefined) return undefined
      read[name] = field
    }
    return read as T
  }

/** undefined when one of them cannot be read. */
const list =
  <T>(read: Reader<T>): Reader<T[]> =>
  (value) => {
    if (!Array.isArray(value)) return undefined
    const readable = value.map(read).filter((each) => each !== undefined)
    return readable.length === value.length ? readable : undefined
  }

const text: Reader<string> = (value) => (typeof value === 'string' ? value : undefined)
const number: Reader<number> = (value) => (typeof value === 'number' ? value : undefined)
const flag: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : undefined)
const parsed =
  <T>(parse: (value: string) => T | undefined): Reader<T> =>
  (value) =>
    typeof value === 'string' ? parse(value) : undefined
const chat = parsed(parseChatId)
const doc = parsed((name): DocName | undefined => {
  const ref = parseDocName(name)
  return ref && docNameOf(ref)
})

const connection: Reader<ConnectionView> = (value) => {
  const { phase, behind } = fieldsOf(value)
  if (phase === 'syncing') return typeof behind === 'number' ? { phase, behind } : undefined
  return typeof phase === 'string' && Object.hasOwn(plainPhases, phase)
    ? { phase: phase as keyof typeof plainPhases }
    : undefined
}
type PlainPhase = Exclude<ConnectionView['phase'], 'syncing'>
const plainPhases: Readonly<Record<PlainPhase, true>> = {
  'signed-out': true,
  offline: true,
  connecting: true,
  live: true,
}

const person = record<PersonPresence>({
  user: parsed(parseUserId),
  online: flag,
  lastSeenAt: number,
})
const asOf: Reader<AsOf> = list(record<AsOf[number]>({ chat, at: number }))
const files = record<RecentFileCounts>({ missing: number, omitted: number })

const use: Reader<DraftUse> = (value) => {
  const { from } = fieldsOf(value)
  const read = record<Pick<DraftUse, 'chat' | 'draft'>>({ chat, draft: parseDraft })(value)
  if (read === undefined || from === undefined) return read
  const known = parseDraft(fieldsOf(from).known)
  const print = number(fieldsOf(from).print)
  return known && { ...read, from: { known, ...(print !== undefined && { print }) } }
}

const readers: { readonly [K in Kind]: Reader<Of<K>> } = {
  rows: record({ doc }),
  replaced: record({ doc }),
  acknowledged: record({ doc, upTo: number }),
  draft: record({ chat, draft: parseDraft }),
  'draft-used': record({ use }),
  outgoing: record({ chat }),
  transfer: record({ id: text, hash: text, sent: number }),
  want: record({ docs: list(doc) }),
  typing: record({ chat, typing: flag }),
  connection: record({ connection }),
  restoring: record({ docs: list(doc) }),
  clock: record({ offset: number, serverTime: number }),
  presence: record({ people: list(person) }),
  typists: record({ chat, users: list(text) }),
  rounds: record({ asOf, files }),
  openings: record({ openings: list(record<Opening>({ chat, at: number })) }),
  refetch: record({ doc }),
  hello: record({}),
  wake: record({}),
  attend: record({}),
  'signed-in': record({}),
}

const isKind = (type: unknown): type is Kind =>
  typeof type === 'string' && Object.hasOwn(readers, type)

const parseTabMessage = (value: unknown): TabMessage | undefined => {
  const { type } = fieldsOf(value)
  if (!isKind(type)) return undefined
  const read = readers[type](value)
  // Which reader goes with which kind is what the type of `readers` says.
  return read && ({ type, ...read } as TabMessage)
}

export const parsePosted = (value: unknown): Posted | undefined => {
  const { from, message } = fieldsOf(value)
  const read = parseTabMessage(message)
  return read && typeof from === 'string' ? { from, message: read } : undefined
}
