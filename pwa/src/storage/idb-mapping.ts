/**
 * Reads what lies in the device's database. What cannot be read counts as absent: a head that
 * cannot be read is 0, so that the server gives the document again.
 */

import {
  type ChatId,
  type DocName,
  docNameOf,
  parseChatId,
  parseDeviceId,
  parseDocName,
} from '@wardline/core/base/ids'
import { unreadableUpdate } from '@wardline/core/client/documents/readable-rows'
import {
  type ChatDraft,
  isEmptyDraft,
  noDraft,
  parseDraft,
} from '@wardline/core/client/model/composer-draft'
import type { DraftBook, SentDraft } from '@wardline/core/client/model/draft-book'
import { parsePerson } from '@wardline/core/client/model/parse-person'
import {
  type DocRecord,
  emptyMeta,
  emptyRecord,
  type Meta,
  type OutboxRow,
  type PageSummary,
  type RefusedMessage,
  type SearchPart,
  type StoredRow,
} from '@wardline/core/client/store/local-store'

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}
const count = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
const time = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : 0
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const docName = (value: unknown): DocName | undefined => {
  const ref = parseDocName(text(value))
  return ref && docNameOf(ref)
}

/** A record that is not there, of a document of which there is something else. */
export const lostRecord = (doc: DocName): DocRecord => ({ ...emptyRecord(doc), known: 1 })

/** The readable ones. */
export const readAll = <T>(
  values: readonly unknown[],
  read: (value: unknown) => T | undefined,
): T[] => values.map(read).filter((value) => value !== undefined)

/** One of which nothing but its number can be read is there, so that it is missed. */
export const readRow = (value: unknown): StoredRow | undefined => {
  const { no, update } = fieldsOf(value)
  if (count(no) === 0) return undefined
  return { no: count(no), update: update instanceof Uint8Array ? update : unreadableUpdate }
}

const readEntry = (value: unknown): { writer: number; n: number } | undefined => {
  const { writer, n } = fieldsOf(value)
  return count(n) > 0 ? { writer: count(writer), n: count(n) } : undefined
}

export const readOutboxRow = (value: unknown): OutboxRow | undefined => {
  const row = readRow(value)
  const fields = fieldsOf(value)
  const doc = docName(fields.doc)
  if (row === undefined || doc === undefined) return undefined
  return { doc, ...row, entries: readAll(list(fields.entries), readEntry) }
}

const readRefused = (value: unknown): RefusedMessage | undefined => {
  const { body, at, code } = fieldsOf(value)
  return body instanceof Uint8Array ? { body, at: time(at), code: text(code) } : undefined
}

export const readRecord = (value: unknown): DocRecord | undefined => {
  const fields = fieldsOf(value)
  const doc = docName(fields.doc)
  if (doc === undefined) return undefined
  const isDamaged = [fields.head, fields.known, fields.lastRow].some(
    (value) => typeof value !== 'number' || value !== count(value),
  )
  return {
    ...emptyRecord(doc),
    head: isDamaged ? 0 : count(fields.head),
    known: isDamaged ? Math.max(count(fields.known), 1) : count(fields.known),
    lastRow: count(fields.lastRow),
    pushAll: fields.pushAll === true,
    lost: fields.lost === true,
    movedAfter: text(fields.movedAfter),
    filesDue: fields.filesDue === true,
    rebuilds: list(fields.rebuilds).map(time),
    refused: readAll(list(fields.refused), readRefused),
  }
}

export const readSummary = (value: unknown): PageSummary | undefined => {
  const fields = fieldsOf(value)
  const doc = docName(fields.doc)
  return doc && { doc, atRow: count(fields.atRow), value: fields.value }
}

export const readSearchPart = (value: unknown): SearchPart | undefined => {
  const fields = fieldsOf(value)
  return { part: text(fields.part), value: text(fields.value) }
}

/** Name of the draft of a chat from before they had names. */
const FIRST = 'first'

const readSent = (value: unknown): SentDraft | undefined => {
  const { id, print } = fieldsOf(value)
  return text(id) === '' ? undefined : { id: text(id), print: count(print) }
}

/** Of one chat. */
export const readBook = (value: unknown): DraftBook => {
  const { id = FIRST, others, sent } = fieldsOf(value)
  const shown = parseDraft({ ...fieldsOf(value), id })
  const drafts = [...readAll(list(others), parseDraft), ...(shown === undefined ? [] : [shown])]
  return {
    drafts: drafts.filter((draft) => !isEmptyDraft(draft)),
    sent: readAll(list(sent), readSent),
  }
}

export const writeBook = (chat: ChatId, { drafts, sent }: DraftBook) => ({
  chat,
  ...(drafts.at(-1) ?? noDraft),
  others: drafts.slice(0, -1),
  sent,
})

export const readDrafts = (value: unknown): ChatDraft[] => {
  const chat = parseChatId(text(fieldsOf(value).chat))
  return chat === undefined ? [] : readBook(value).drafts.map((draft) => ({ chat, draft }))
}

const readChatTime = (value: unknown): { chat: ChatId; at: number } | undefined => {
  const { chat, at } = fieldsOf(value)
  const id = parseChatId(text(chat))
  return id !== undefined && time(at) > 0 ? { chat: id, at: time(at) } : undefined
}

/** Reads the fields of `meta`, each stored as a value of its own. */
export const readMeta = (values: readonly unknown[]): Meta => {
  const fields: Record<string, unknown> = {}
  for (const each of values) {
    const { key, value } = fieldsOf(each)
    fields[text(key)] = value
  }
  return {
    ...emptyMeta,
    me: parsePerson(fields.me) ?? null,
    device: parseDeviceId(text(fields.device)) ?? null,
    epoch: text(fields.epoch),
    cursor: text(fields.cursor),
    clockOffset: time(fields.clockOffset),
    clockFloor: time(fields.clockFloor),
    people: readAll(list(fields.people), parsePerson),
    completeAsOf: readAll(list(fields.completeAsOf), readChatTime),
    untoldOpenings: readAll(list(fields.untoldOpenings), readChatTime),
  }
}

/**
 * The update as it is to be put. A structured clone of a view keeps the whole buffer behind it, so
 * a small update cut from a large frame would cost the frame.
 */
export const ownBytes = (update: Uint8Array): Uint8Array =>
  update.byteLength === update.buffer.byteLength ? update : update.slice()
