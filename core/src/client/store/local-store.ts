/**
 * The device's own database: everything the client knows, behind one small interface. The rows of
 * a document are the truth; documents in memory are views of them. All tabs of a browser profile
 * share it.
 *
 * Every promise resolves only when the device's database has committed, and rejects with a
 * {@link LocalStoreError} when it has not: then nothing of that call is stored.
 */
import type { ChatId, DeviceId, DocName } from '../../base/ids.ts'
import type { ChatDraft } from '../model/composer-draft.ts'
import type { DraftUse } from '../model/draft-book.ts'
import type { Opening } from '../model/ports.ts'
import type { Person } from '../model/views.ts'
import type { OutgoingStore } from './outgoing-store.ts'

export interface StoredRow {
  /** 1, 2, 3 … per document, ascending but not without gaps: compaction joins rows. */
  no: number
  /** A Yjs update, version 1. */
  update: Uint8Array
}

export interface StoredDoc {
  rows: StoredRow[]
  lastRow: number
}

export interface NewRow {
  update: Uint8Array
  /**
   * Written on this device and not yet acknowledged: goes into the outbox as well. `entries` are
   * the log entries in it, as writer and n.
   */
  mine?: {
    entries: readonly { writer: number; n: number }[]
    /** The outgoing message that it is the entry of, which goes with it. */
    outgoing?: string
    /** What becomes of the draft that the entries came from. */
    draft?: DraftUse
  }
}

/** A row that the server has not acknowledged. */
export interface OutboxRow extends StoredRow {
  doc: DocName
  entries: readonly { writer: number; n: number }[]
}

/** An own message that the server will not take, kept so that the person can copy it. */
export interface RefusedMessage {
  /** Body as it was in the entry. */
  body: Uint8Array
  at: number
  /** A gate code, or {@link NOT_MEMBER}. */
  code: string
}

/** Why a message was set aside whose author is not in the chat any more. */
export const NOT_MEMBER = 'NOT_MEMBER'

export interface DocRecord {
  doc: DocName
  /** The device has everything up to this head of the server; 0 for nothing. */
  head: number
  /** Newest head that the server has told of. */
  known: number
  /** Number of the newest row; 0 for none. */
  lastRow: number
  /** The server may lack what it had: it has to be given everything again. */
  pushAll: boolean
  /** It does, as it said; so it is not known what of this device's own it has. */
  lost: boolean
  /**
   * The cursor after which the head moved. While the device has no newer one, the server may yet
   * lose what moved it without its cursor telling. ''  for none.
   */
  movedAfter: string
  /** It was given again, and the files of the person's own messages in it are not looked after yet. */
  filesDue: boolean
  /** When, in ms, the document was rebuilt from the server after a refusal. */
  rebuilds: readonly number[]
  refused: readonly RefusedMessage[]
}

export type DocPatch = Partial<Omit<DocRecord, 'doc' | 'lastRow'>>

/** What the device keeps beside documents. */
export interface Meta {
  /** Who is signed in on this device; null before the first sign-in. */
  me: Person | null
  device: DeviceId | null
  epoch: string
  cursor: string
  /** What the device's clock has to be corrected by, ms. */
  clockOffset: number
  /** A time, ms, that is known to have passed. */
  clockFloor: number
  /** People from the last look into the directory, for starting a chat offline. */
  people: readonly Person[]
  /** When the device had all of each chat on the person's rounds, ms. */
  completeAsOf: readonly { chat: ChatId; at: number }[]
  /** Chats that were on a screen, as far as the server has not been told, oldest first. */
  untoldOpenings: readonly Opening[]
}

/**
 * What a list needs to know of a page without opening it. `atRow` says which rows it covers: with
 * a smaller one than the record's `lastRow` it is out of date. The value is the client's affair.
 */
export interface PageSummary {
  doc: DocName
  atRow: number
  value: unknown
}

/**
 * A part of the search index, under a name of its own. The value is the client's affair; like a
 * summary it is a cache, which the rows can make again.
 */
export interface SearchPart {
  part: string
  value: string
}

/** All that a start needs, in one read. */
export interface LocalState {
  meta: Meta
  docs: DocRecord[]
  outbox: OutboxRow[]
  summaries: PageSummary[]
  /** Of a chat, the last written to comes last. */
  drafts: ChatDraft[]
}

export const emptyMeta: Meta = {
  me: null,
  device: null,
  epoch: '',
  cursor: '',
  clockOffset: 0,
  clockFloor: 0,
  people: [],
  completeAsOf: [],
  untoldOpenings: [],
}

/** The record of a document of which the device has nothing yet. */
export const emptyRecord = (doc: DocName): DocRecord => ({
  doc,
  head: 0,
  known: 0,
  lastRow: 0,
  pushAll: false,
  lost: false,
  movedAfter: '',
  filesDue: false,
  rebuilds: [],
  refused: [],
})

export interface LocalStore extends OutgoingStore {
  /** Everything but the rows, the search index and what has to do with files. */
  load(): Promise<LocalState>
  /**
   * All rows of a document, ascending, and the number of the newest that it ever had: the record's
   * `lastRow`, read together with them. It is no row's after a replacement by nothing.
   */
  read(doc: DocName): Promise<StoredDoc>
  /** Rows of a document with a number above `after`, ascending. */
  rows(doc: DocName, after: number): Promise<StoredRow[]>
  record(doc: DocName): Promise<DocRecord | undefined>
  /**
   * Appends rows and changes the record, in one transaction, so that a head is never stored
   * without the rows it stands for. Returns the numbers given to the rows, and the record.
   * Rejects with {@link AlreadySentError}, having stored nothing, when the draft that they are of
   * was sent already.
   */
  append(
    doc: DocName,
    rows: readonly NewRow[],
    patch?: DocPatch,
  ): Promise<{ numbers: number[]; record: DocRecord }>
  /** Takes the document's rows up to `upTo` out of the outbox, and changes the record. */
  acknowledge(doc: DocName, upTo: number, patch?: DocPatch): Promise<void>
  /** Rows in the outbox, oldest first per document: all of them, or those of one document. */
  outbox(doc?: DocName): Promise<OutboxRow[]>
  /**
   * Notes heads that the server told of (`known` only ever grows here), and where that leaves the
   * device, in one transaction: a cursor is never stored without the heads it stands for.
   *
   * @param doubted documents of which the server may lack something in spite of that position:
   * their heads do not count any more, and they have to be given again
   */
  noteHeads(
    heads: readonly { doc: DocName; known: number }[],
    position: { epoch: string; cursor: string },
    doubted?: readonly DocName[],
  ): Promise<void>
  /** A new epoch: no head counts any more, and every document has to be given again. */
  resetHeads(): Promise<void>
  /**
   * Replaces the rows up to `upTo` by others that together hold the same: a single one under the
   * number of the last of them, several under new numbers, so that whoever has read some of the old
   * rows reads all of the new ones. The outbox stays as it is.
   */
  compact(doc: DocName, upTo: number, snapshot: readonly Uint8Array[]): Promise<void>
  /**
   * Drops all rows of a document, and its part of the outbox, and writes these instead; numbers
   * go on from `lastRow`. Does nothing, and returns undefined, when the document's newest row is
   * not `lastRow`: then another tab wrote meanwhile, and its row must not be lost.
   */
  replace(
    doc: DocName,
    lastRow: number,
    rows: readonly NewRow[],
    patch: DocPatch,
  ): Promise<{ numbers: number[]; record: DocRecord } | undefined>
  putMeta(patch: Partial<Meta>): Promise<void>
  putSummaries(summaries: readonly PageSummary[]): Promise<void>
  /** Takes the place of the chat's draft with this name; an empty one removes it. */
  putDraft(draft: ChatDraft): Promise<void>
  searchParts(): Promise<SearchPart[]>
  /** All in one transaction, in this order; a value of '' removes the part. */
  putSearchParts(parts: readonly SearchPart[]): Promise<void>
  /** Deletes everything, for good. */
  wipe(): Promise<void>
  close(): Promise<void>
}

/** The message was sent from another tab that showed the same draft: it is stored, once. */
export class AlreadySentError extends Error {
  override readonly name = 'AlreadySentError'
}

/** quota: no room. lost: the database could not be reached, even after opening it again. */
export class LocalStoreError extends Error {
  override readonly name = 'LocalStoreError'
  readonly code: 'quota' | 'lost'
  constructor(code: 'quota' | 'lost', message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** A replacement that lost to other tabs again and again: nothing of it is stored. */
export const writtenMeanwhile = (doc: DocName): LocalStoreError =>
  new LocalStoreError('lost', 'Other tabs of Wardline are busy. Close some of them.', doc)
