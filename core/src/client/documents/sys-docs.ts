/**
 * The documents in which the server writes: a person's own and those of their chats. Of these, a
 * device writes only into `prefs` of its person's own; as everywhere, into the store first.
 */
import * as Y from 'yjs'
import { clientIdOf, type Writer, writerFrom } from '../../base/client-id.ts'
import type { DocName } from '../../base/ids.ts'
import { Serial } from '../../base/serial.ts'
import { OWNER_INDEX, PREFS, SYS } from '../../chat/lanes.ts'
import { splitUpdate } from '../../gate/split-update.ts'
import { contend } from '../../time/contend.ts'
import { joinUpdates } from '../../update/join-updates.ts'
import { encodeLaneWrite } from '../../update/lane-write.ts'
import { STORED_LIMITS } from '../../update/parse-limits.ts'
import { parseUpdate } from '../../update/parse-update.ts'
import type { RandomBytes } from '../model/ports.ts'
import {
  type DocPatch,
  type DocRecord,
  type LocalStore,
  type StoredRow,
  writtenMeanwhile,
} from '../store/local-store.ts'
import { applyReadable, hasLostRows, haveNothing } from './readable-rows.ts'

/** Rows after which a document is compacted when it is opened. */
const COMPACT_ROWS = 64

export interface SysDocsOptions {
  store: LocalStore
  random: RandomBytes
  /** Whether rows of the document are known to be on this device; wrong at most by a no. */
  hasRows(doc: DocName): boolean
  /** Lets others run between reading a document and making something of it. */
  pause?: () => Promise<void>
  /** Something of it is different; its record too, if there is one. */
  changed(doc: DocName, record?: DocRecord): void
  /** A row of this device's own is stored and waits to be sent. */
  wrote(doc: DocName, row: StoredRow): void
  /** Rows cannot be read: the document has to be fetched from the start. */
  damaged(doc: DocName): void
}

interface OpenSysDoc {
  doc: Y.Doc
  lastRow: number
  /** For what this tab writes, from the first row it wrote; another one after a replacement. */
  writer: Writer
}

export class SysDocs {
  readonly #options: SysDocsOptions
  readonly #serial = new Serial<DocName>()
  readonly #open = new Map<DocName, OpenSysDoc>()
  /** Documents with rows that cannot be read, of which that has been said. */
  readonly #damaged = new Set<DocName>()

  constructor(options: SysDocsOptions) {
    this.#options = options
  }

  /** What the server wrote, as far as it is here and has been opened. */
  entries(doc: DocName): Iterable<readonly [string, unknown]> {
    return this.#open.get(doc)?.doc.getMap<unknown>(SYS).entries() ?? []
  }

  /** One of the person's settings. */
  pref(doc: DocName, key: string): unknown {
    return this.#open.get(doc)?.doc.getMap<unknown>(PREFS).get(key)
  }

  async open(doc: DocName): Promise<{ doc: Y.Doc; lastRow: number }> {
    return this.#serial.run(doc, () => this.#load(doc))
  }

  /** Changes settings of the person whose document this is. Resolves once that is stored. */
  setPrefs(doc: DocName, prefs: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#serial.run(doc, async () => {
      const open = await this.#load(doc)
      const map = open.doc.getMap<unknown>(PREFS)
      const items = Object.entries(prefs)
        .filter(([key, value]) => map.get(key) !== value)
        .map(([key, value]) => {
          // Without what it overwrites, the new value would win or lose by its writer's number.
          const before = map._map.get(key)?.lastId
          return { map: PREFS, key, value, ...(before && { after: before }) }
        })
      if (items.length === 0) return
      const client = clientIdOf(OWNER_INDEX, open.writer)
      const clock = Y.getState(open.doc.store, client)
      const update = encodeLaneWrite({ client, clock, items })
      const rows = [{ update, mine: { entries: [] } }]
      const { numbers } = await this.#options.store.append(doc, rows)
      await this.#catchUp(doc)
      this.#options.wrote(doc, { no: numbers[0] ?? 0, update })
    })
  }

  receive(doc: DocName, updates: readonly Uint8Array[], patch: DocPatch): Promise<void> {
    return this.#serial.run(doc, async () => {
      const isNew = !this.#open.has(doc) && !this.#options.hasRows(doc)
      const before = isNew ? undefined : await this.#load(doc)
      // Few rows for what came together: a year has a dozen documents, and each start reads them.
      const rows = joinUpdates(updates).map((update) => ({ update }))
      const { numbers, record } = await this.#options.store.append(doc, rows, patch)
      const open = before ?? this.#openNew(doc)
      const isNext = numbers[0] === undefined || numbers[0] === open.lastRow + 1
      await this.#take(doc, open, isNext ? numbered(rows, numbers) : undefined, record)
    })
  }

  /** Puts a document on the server's state, without what this device wrote and was refused. */
  replace(doc: DocName, updates: readonly Uint8Array[], patch: DocPatch): Promise<void> {
    return this.#serial.run(doc, async () => {
      const rows = updates.map((update) => ({ update }))
      const done = await contend(async () => {
        const { lastRow } = await this.#load(doc)
        this.#open.delete(doc)
        return this.#options.store.replace(doc, lastRow, rows, patch)
      })
      await this.#reload(doc)
      if (done === undefined) throw writtenMeanwhile(doc)
    })
  }

  /** It was fetched from the start: one snapshot takes the place of rows that cannot be read. */
  tidy(doc: DocName): Promise<void> {
    return this.#serial.run(doc, async () => {
      const open = await this.#load(doc)
      if (open.lastRow === 0 || !isComplete(open.doc)) return
      await this.#compact(doc, open)
      this.#damaged.delete(doc)
    })
  }

  /** Another tab wrote. */
  refresh(doc: DocName): Promise<void> {
    return this.#serial.run(doc, () => this.#catchUp(doc))
  }

  /** Another tab replaced the rows. */
  replaced(doc: DocName): Promise<void> {
    return this.#serial.run(doc, () => this.#reload(doc))
  }

  async #reload(doc: DocName): Promise<void> {
    this.#open.delete(doc)
    await this.#load(doc)
    this.#options.changed(doc)
  }

  /** One of which nothing was here: what there is in spite of it, is taken in as another tab's. */
  #openNew(doc: DocName): OpenSysDoc {
    const open = { doc: new Y.Doc(), lastRow: 0, writer: writerFrom(this.#options.random(5)) }
    this.#open.set(doc, open)
    return open
  }

  async #load(doc: DocName): Promise<OpenSysDoc> {
    const known = this.#open.get(doc)
    if (known !== undefined) return known
    const writer = writerFrom(this.#options.random(5))
    const stored = await this.#options.store.read(doc)
    const { rows, lastRow } = stored
    const open = { doc: new Y.Doc(), lastRow, writer }
    const isLost = await hasLostRows(this.#options.store, doc, stored)
    if (!applyReadable(open.doc, rows) || isLost) await this.#salvage(doc, open)
    // What is made of it is as much again: all chats are in the person's own.
    if (rows.length > 0) await this.#options.pause?.()
    this.#open.set(doc, open)
    if (rows.length > 0) this.#options.changed(doc)
    // Each change of a setting is a row, and all of them are read at each start.
    if (rows.length > COMPACT_ROWS && isComplete(open.doc) && !this.#damaged.has(doc))
      await this.#compact(doc, open)
    return open
  }

  async #compact(name: DocName, { doc, lastRow }: OpenSysDoc): Promise<void> {
    await this.#options.store.compact(name, lastRow, splitUpdate(Y.encodeStateAsUpdate(doc)))
  }

  /** Adds what was not sent yet; the rest the server has, and is asked for, once. */
  async #salvage(doc: DocName, open: OpenSysDoc): Promise<void> {
    const { store, damaged } = this.#options
    applyReadable(open.doc, await store.outbox(doc))
    if (this.#damaged.has(doc)) return
    this.#damaged.add(doc)
    await haveNothing(store, doc)
    damaged(doc)
  }

  async #catchUp(doc: DocName): Promise<void> {
    const open = this.#open.get(doc)
    if (open === undefined) return
    const rows = await this.#options.store.rows(doc, open.lastRow)
    if (rows.length > 0) await this.#take(doc, open, rows)
  }

  /** @param rows that are new; undefined when another tab wrote in between, and the store has them */
  async #take(
    doc: DocName,
    open: OpenSysDoc,
    rows: readonly StoredRow[] | undefined,
    record?: DocRecord,
  ): Promise<void> {
    const news = rows ?? (await this.#options.store.rows(doc, open.lastRow))
    if (!applyReadable(open.doc, news)) await this.#salvage(doc, open)
    open.lastRow = news.at(-1)?.no ?? open.lastRow
    // What was erased is not to lie in rows of before, either.
    if (
      news.some(({ update }) => erases(update)) &&
      isComplete(open.doc) &&
      !this.#damaged.has(doc)
    )
      await this.#compact(doc, open)
    this.#options.changed(doc, record)
  }
}

const numbered = (
  rows: readonly { update: Uint8Array }[],
  numbers: readonly number[],
): readonly StoredRow[] => rows.map(({ update }, i) => ({ no: numbers[i] ?? 0, update }))

/** Whether it deletes something. A setting that is set anew deletes nothing by itself. */
const erases = (update: Uint8Array): boolean => {
  const parsed = parseUpdate(update, () => 'span', STORED_LIMITS)
  return parsed.ok && parsed.deletes.length > 0
}

/** Whether no row builds on something that is not there: a snapshot would freeze the gap. */
const isComplete = ({ store }: Y.Doc): boolean =>
  store.pendingStructs === null && store.pendingDs === null
