/**
 * Which messages hold which words. A page goes in as the fold of its log, and only what differs
 * from the last time is touched, so that it does not matter how often, or after which losses, it
 * is told of a page: what it knows of one is what that page said last.
 */

import { bodyPrint } from '../../base/body-print.ts'
import { type ChatId, type DocName, type Month, pageDoc, parseDocName } from '../../base/ids.ts'
import { openBody } from '../../chat/body.ts'
import { activityOf } from '../../chat/dating.ts'
import type { EntryId } from '../../chat/entry.ts'
import type { Message } from '../../chat/page.ts'
import type { SearchPart } from '../store/local-store.ts'
import { readCoverage, storedCoverage } from './coverage.ts'
import { type Hit, type IndexedMessage, SEGMENT_SIZE, Segment } from './segment.ts'
import { textOf } from './text-of.ts'

/** Lets others run, when it is time for that. Called after each small step of the work. */
export type Breathe = () => Promise<void>

export interface Query {
  /** Folded, without repetitions. */
  words: readonly string[]
  /** Only of this chat. */
  chat?: ChatId | undefined
  enough: number
}

export interface Found {
  hits: Hit[]
  /** Whether there may be more of them. */
  more: boolean
}

interface Place {
  segment: Segment
  no: number
}

const SEGMENT = 'segment/'
const COVERAGE = 'rows/'

export class MessageIndex {
  readonly #segments = new Map<string, Segment>()
  readonly #places = new Map<DocName, Map<EntryId, Place>>()
  readonly #rows = new Map<ChatId, Map<Month, number>>()
  readonly #dirtyRows = new Set<ChatId>()
  /** Names of parts that are stored and have to go. */
  readonly #dropped = new Set<string>()
  #lastSegment = 0

  /** Number of messages in it. */
  get size(): number {
    let size = 0
    for (const segment of this.#segments.values()) size += segment.size
    return size
  }

  /** Up to which row it knows a page; 0 for a page that it does not know. */
  rowsOf(doc: DocName): number {
    const ref = parseDocName(doc)
    return ref?.kind === 'page' ? (this.#rows.get(ref.chat)?.get(ref.month) ?? 0) : 0
  }

  /** Takes in a page as it is with all rows up to `atRow`. Tells how many messages were different. */
  async update(
    doc: DocName,
    atRow: number,
    messages: readonly Message[],
    breathe: Breathe,
  ): Promise<number> {
    const places = this.#places.get(doc) ?? new Map<EntryId, Place>()
    this.#places.set(doc, places)
    const gone = new Set(places.keys())
    let changed = 0
    for (const { id, author, at, arrivedAt, body } of messages) {
      if (body === null) continue
      gone.delete(id)
      const print = bodyPrint(body)
      const place = places.get(id)
      const known = place?.segment.get(place.no)
      if (known?.print === print && known.arrivedAt === arrivedAt) continue
      const text = await openedText(body)
      this.#put(places, { doc, id, author, at, arrivedAt, print, text })
      changed++
      await breathe()
    }
    for (const id of gone) {
      const place = places.get(id)
      if (place !== undefined) this.#remove(place)
      places.delete(id)
      changed++
      await breathe()
    }
    this.#cover(doc, atRow)
    return changed
  }

  /**
   * Messages with all the words; the last one may be the beginning of a word. In no order, but the
   * newest `enough` of them are there, and when they are it looks no further.
   */
  async search({ words, chat, enough }: Query, breathe: Breathe): Promise<Found> {
    const hits: Hit[] = []
    if (words.length === 0) return { hits, more: false }
    const segments = [...(chat === undefined ? this.#segments.values() : this.#segmentsOf(chat))]
    segments.sort((a, b) => b.newest - a.newest)
    for (const segment of segments) {
      const newer =
        hits.length < enough
          ? 0
          : count(hits, ({ message }) => activityOf(message) > segment.newest)
      if (newer >= enough) return { hits, more: true }
      for (const hit of segment.search(words))
        if (chat === undefined || isIn(chat, hit.message.doc)) hits.push(hit)
      await breathe()
    }
    return { hits, more: false }
  }

  /**
   * What has to be stored so that the store holds the index as it is now; counts as stored from
   * then on. All of it goes in at once, for rows are covered by the segments that are stored with
   * them, and nothing may be taken in meanwhile.
   */
  async takeUnsaved(breathe: Breathe): Promise<SearchPart[]> {
    // First, so that a part which was dropped and made again stays.
    const parts: SearchPart[] = [...this.#dropped].map((part) => ({ part, value: '' }))
    for (const segment of this.#segments.values()) {
      if (!segment.dirty) continue
      parts.push({ part: segment.name, value: segment.stored() })
      segment.dirty = false
      await breathe()
    }
    for (const chat of this.#dirtyRows)
      parts.push({
        part: `${COVERAGE}${chat}`,
        value: storedCoverage(this.#rows.get(chat) ?? new Map()),
      })
    this.#dirtyRows.clear()
    this.#dropped.clear()
    return parts
  }

  /** Nothing of it is stored any more, as far as is known: the next time all of it is. */
  markUnsaved(): void {
    for (const segment of this.#segments.values()) segment.dirty = true
    for (const chat of this.#rows.keys()) this.#dirtyRows.add(chat)
  }

  /**
   * Reads what was stored. What another version stored, or what cannot be read, is dropped, and
   * with it all of the rest: the pages make a new one.
   */
  static async read(parts: readonly SearchPart[], breathe: Breathe): Promise<MessageIndex> {
    const index = new MessageIndex()
    try {
      for (const { part, value } of parts) {
        if (!index.#readPart(part, value)) return emptied(parts)
        await breathe()
      }
      return index
    } catch {
      return emptied(parts)
    }

    function emptied(stored: readonly SearchPart[]): MessageIndex {
      const empty = new MessageIndex()
      for (const { part } of stored) empty.#dropped.add(part)
      return empty
    }
  }

  #readPart(part: string, value: string): boolean {
    if (part.startsWith(COVERAGE)) {
      const chat = part.slice(COVERAGE.length) as ChatId
      const rows = readCoverage(value)
      if (rows !== undefined) this.#rows.set(chat, rows)
      return rows !== undefined
    }
    const segment = part.startsWith(SEGMENT) ? Segment.read(part, value) : undefined
    if (segment === undefined) return false
    this.#segments.set(part, segment)
    this.#lastSegment = Math.max(this.#lastSegment, Number(part.slice(SEGMENT.length)))
    for (const [no, { doc, id }] of segment.entries()) {
      const places = this.#places.get(doc) ?? new Map<EntryId, Place>()
      this.#places.set(doc, places)
      if (places.has(id)) return false
      places.set(id, { segment, no })
    }
    return true
  }

  #segmentsOf(chat: ChatId): Set<Segment> {
    const segments = new Set<Segment>()
    for (const month of this.#rows.get(chat)?.keys() ?? [])
      for (const { segment } of this.#places.get(pageDoc(chat, month))?.values() ?? [])
        segments.add(segment)
    return segments
  }

  #put(places: Map<EntryId, Place>, message: IndexedMessage): void {
    const place = places.get(message.id)
    if (place !== undefined) return place.segment.replace(place.no, message)
    const segment = this.#roomy()
    places.set(message.id, { segment, no: segment.add(message) })
  }

  #remove({ segment, no }: Place): void {
    segment.remove(no)
    if (segment.size > 0) return
    this.#segments.delete(segment.name)
    this.#dropped.add(segment.name)
  }

  #roomy(): Segment {
    for (const segment of this.#segments.values()) if (segment.size < SEGMENT_SIZE) return segment
    const segment = new Segment(`${SEGMENT}${++this.#lastSegment}`)
    this.#segments.set(segment.name, segment)
    return segment
  }

  #cover(doc: DocName, atRow: number): void {
    const ref = parseDocName(doc)
    if (ref?.kind !== 'page') throw new Error(`no page: ${doc}`)
    const rows = this.#rows.get(ref.chat) ?? new Map<Month, number>()
    this.#rows.set(ref.chat, rows)
    if (rows.get(ref.month) === atRow) return
    rows.set(ref.month, atRow)
    this.#dirtyRows.add(ref.chat)
  }
}

const isIn = (chat: ChatId, doc: DocName): boolean => doc.startsWith(`chat/${chat}/`)

const count = <T>(list: readonly T[], test: (item: T) => boolean): number =>
  list.reduce((sum, item) => sum + (test(item) ? 1 : 0), 0)

const openedText = async (body: Uint8Array): Promise<string> => {
  const opened = await openBody(body)
  return opened.kind === 'content' ? textOf(opened.content) : ''
}
