/**
 * A part of the index: so many messages that it is read, written and searched in one go. Holds
 * the texts as well, because a message can be taken out of an index only with its words at hand,
 * and nothing of one that was taken back may stay.
 */

import { type DocName, parseDocName } from '../../base/ids.ts'
import { activityOf } from '../../chat/dating.ts'
import type { EntryId } from '../../chat/entry.ts'
import { newTextIndex, readTextIndex, type TextIndex, textsWith } from './text-index.ts'

/** Grows with every change of what is stored, and of how words are folded. */
export const INDEX_VERSION = 5
/** Most messages of a segment: reading or writing it takes a few milliseconds. */
export const SEGMENT_SIZE = 500

export interface IndexedMessage {
  doc: DocName
  id: EntryId
  author: number
  at: number
  arrivedAt: number | null
  /** Tells one body from another; see `body-print`. */
  print: number
  text: string
}

/** What a query found in it, by how well: as whole words, or as the beginning of one. */
export interface Hit {
  message: IndexedMessage
  whole: boolean
}

/** A message as it is stored: number, place of its page in the list, and the fields in order. */
type StoredMessage = [number, number, string, number, number, number | null, number, string]

interface StoredSegment {
  version: number
  pages: string[]
  messages: StoredMessage[]
  index: unknown
}

export class Segment {
  readonly name: string
  readonly #index: TextIndex
  readonly #messages: Map<number, IndexedMessage>
  #next: number
  /** By no message in it was there something new later, ms. */
  newest = 0
  /** Whether the stored form is an older one. */
  dirty: boolean

  constructor(name: string)
  constructor(name: string, index: TextIndex, messages: Map<number, IndexedMessage>)
  constructor(name: string, index?: TextIndex, messages?: Map<number, IndexedMessage>) {
    this.name = name
    this.#index = index ?? newTextIndex()
    this.#messages = messages ?? new Map()
    this.#next = 0
    for (const [no, message] of this.#messages) {
      this.#next = Math.max(this.#next, no + 1)
      this.newest = Math.max(this.newest, activityOf(message))
    }
    this.dirty = false
  }

  get size(): number {
    return this.#messages.size
  }

  entries(): Iterable<readonly [no: number, message: IndexedMessage]> {
    return this.#messages
  }

  get(no: number): IndexedMessage | undefined {
    return this.#messages.get(no)
  }

  add(message: IndexedMessage): number {
    const no = this.#next++
    this.#put(no, message)
    return no
  }

  /** Puts a message in the place of another. */
  replace(no: number, message: IndexedMessage): void {
    this.remove(no)
    this.#put(no, message)
  }

  remove(no: number): void {
    const message = this.#messages.get(no)
    if (message === undefined) return
    this.#index.remove({ id: no, text: message.text })
    this.#messages.delete(no)
    this.dirty = true
  }

  /** Messages with all the words; the last one may be the beginning of one. */
  search(words: readonly string[]): Hit[] {
    return textsWith(this.#index, words).flatMap(({ id, whole }) => {
      const message = this.#messages.get(id)
      return message === undefined ? [] : [{ message, whole }]
    })
  }

  #put(no: number, message: IndexedMessage): void {
    this.#messages.set(no, message)
    this.#index.add({ id: no, text: message.text })
    this.newest = Math.max(this.newest, activityOf(message))
    this.dirty = true
  }

  stored(): string {
    const pages = new Map<DocName, number>()
    const messages: StoredMessage[] = []
    for (const [no, { doc, id, author, at, arrivedAt, print, text }] of this.#messages) {
      const page = pages.get(doc) ?? pages.size
      pages.set(doc, page)
      messages.push([no, page, id, author, at, arrivedAt, print, text])
    }
    const stored: StoredSegment = {
      version: INDEX_VERSION,
      pages: [...pages.keys()],
      messages,
      index: this.#index.toJSON(),
    }
    return JSON.stringify(stored)
  }

  /** Undefined for what another version stored. @throws when it is not what any version stored */
  static read(name: string, json: string): Segment | undefined {
    const stored = JSON.parse(json) as Partial<StoredSegment>
    if (stored.version !== INDEX_VERSION) return undefined
    const pages = (stored.pages ?? []).map((page) => {
      if (parseDocName(page)?.kind !== 'page') throw new Error(`no page: ${page}`)
      return page as DocName
    })
    const messages = new Map<number, IndexedMessage>()
    for (const [no, page, id, author, at, arrivedAt, print, text] of stored.messages ?? []) {
      const doc = pages[page]
      if (doc === undefined) throw new Error('a message without a page')
      messages.set(no, { doc, id: id as EntryId, author, at, arrivedAt, print, text })
    }
    const index = readTextIndex(stored.index)
    if (index.documentCount !== messages.size) throw new Error('index and messages differ')
    return new Segment(name, index, messages)
  }
}
