/**
 * Keeps the index of messages in step with the pages on this device, in slices that leave the
 * screen its time. Every tab that searches has one in memory; only the leading tab stores it, and
 * only the leading tab makes it before anybody searches.
 */

import { type DocName, parseDocName } from '../../base/ids.ts'
import type { Page } from '../../chat/page.ts'
import type { Timers } from '../model/ports.ts'
import type { LocalStore } from '../store/local-store.ts'
import { type Found, MessageIndex, type Query } from './message-index.ts'

/** Milliseconds of work after which others get their turn. */
const SLICE = 4
/** Milliseconds after a tab leads, in which it has more urgent things to do. */
const FIRST_DELAY = 1_000
/** Milliseconds until it looks again whether the device is still busy. */
const BUSY_DELAY = 1_000
/** Milliseconds in which changes are gathered before they are taken in, and before they are stored. */
const GATHER_DELAY = 100
const SAVE_DELAY = 2_000
/** Messages after which a long piece of work is stored as far as it is. */
const SAVE_EVERY = 4_000
/** Messages that are kept in the index, in memory and on the device; older months stay out of it. */
export const MAX_INDEXED = 200_000
/** Pages that a search waits for; with more of them it answers with what is there. */
const FEW_PAGES = 4

export interface SearchIndexerOptions {
  store: LocalStore
  timers: Timers
  /** All pages on this device, with their newest rows. */
  pages(): Iterable<{ doc: DocName; lastRow: number }>
  /** A page as it is, whether or not somebody looks at it. */
  read(doc: DocName): Promise<{ page: Page; lastRow: number }>
  /** Whether the device has more urgent things to do; only a search comes first. */
  isBusy(): boolean
  /** What a search finds may be different now. */
  changed(): void
  /** For tests. */
  most?: number
}

export class SearchIndexer {
  readonly #options: SearchIndexerOptions
  #index: Promise<MessageIndex> | undefined
  readonly #behind = new Set<DocName>()
  /** The work on the index, one piece after the other. */
  #work: Promise<void> = Promise.resolve()
  #working = false
  #leads = false
  #stopped = false
  /** Whether there are pages for which there was no room. */
  #overfull = false
  #unsaved = 0
  #sliceStart = 0
  #cancelStart: (() => void) | undefined
  #cancelSave: (() => void) | undefined

  constructor(options: SearchIndexerOptions) {
    this.#options = options
  }

  /** This tab leads now: what it has in memory, the tab that led before may have stored otherwise. */
  lead(): void {
    this.#leads = true
    this.#index = undefined
    this.#soon(FIRST_DELAY)
  }

  /** The rows of a page changed. */
  touched(doc: DocName): void {
    if (this.#index === undefined || this.#stopped || parseDocName(doc)?.kind !== 'page') return
    this.#behind.add(doc)
    this.#soon(GATHER_DELAY)
  }

  /**
   * `complete`: whether all pages on this device are in the index, as far as there is room.
   * `partial`: whether there is not, for the oldest.
   */
  async search(query: Query): Promise<Found & { complete: boolean; partial: boolean }> {
    this.#sliceStart = this.#options.timers.elapsed()
    const index = await this.#open()
    const work = this.#start()
    if (this.#behind.size <= FEW_PAGES) await work
    const found = await index.search(query, this.#breathe)
    const complete = this.#behind.size === 0 && !this.#working
    return { ...found, complete, partial: this.#overfull }
  }

  stop(): void {
    this.#stopped = true
    this.#cancelStart?.()
    this.#cancelSave?.()
  }

  #soon(ms: number): void {
    this.#cancelStart ??= this.#options.timers.after(ms, () => {
      this.#cancelStart = undefined
      if (this.#options.isBusy()) this.#soon(BUSY_DELAY)
      else void this.#start()
    })
  }

  #open(): Promise<MessageIndex> {
    this.#index ??= this.#load()
    return this.#index
  }

  async #load(): Promise<MessageIndex> {
    const { store, pages } = this.#options
    // One that cannot be read is made anew, in memory at least.
    const parts = await store.searchParts().catch(() => [])
    const index = await MessageIndex.read(parts, this.#breathe)
    const behind = [...pages()].filter(({ doc, lastRow }) => lastRow > index.rowsOf(doc))
    for (const { doc } of behind.sort((a, b) => newestFirst(a.doc, b.doc))) this.#behind.add(doc)
    return index
  }

  /** Takes in the pages that are behind. */
  #start(): Promise<void> {
    this.#work = this.#work.then(() => this.#catchUp()).catch(() => undefined)
    return this.#work
  }

  async #catchUp(): Promise<void> {
    if (this.#stopped) return
    this.#sliceStart = this.#options.timers.elapsed()
    await this.#open()
    let changed = false
    this.#working = true
    try {
      for (const doc of this.#behind) {
        this.#behind.delete(doc)
        if (this.#stopped) return
        // One that cannot be read is tried again when it changes, and after the next start.
        const count = await this.#take(doc).catch(() => 0)
        this.#unsaved += count
        changed ||= count > 0
        if (this.#unsaved >= SAVE_EVERY) await this.#save()
        await this.#breathe()
      }
    } finally {
      this.#working = false
    }
    if (this.#leads)
      this.#cancelSave ??= this.#options.timers.after(SAVE_DELAY, () => {
        this.#cancelSave = undefined
        this.#work = this.#work.then(() => this.#save()).catch(() => undefined)
      })
    if (changed) this.#options.changed()
  }

  /** Takes in a page. Tells how many messages were different. */
  async #take(doc: DocName): Promise<number> {
    const index = await this.#open()
    const { most = MAX_INDEXED } = this.#options
    // What is in it is kept right; what is new is mostly new by its time, too.
    if (index.size >= most && index.rowsOf(doc) === 0) {
      this.#overfull = true
      return 0
    }
    const { page, lastRow } = await this.#options.read(doc)
    return await index.update(doc, lastRow, page.messages(), this.#breathe)
  }

  async #save(): Promise<void> {
    this.#unsaved = 0
    if (!this.#leads || this.#stopped) return
    const index = await this.#open()
    const parts = await index.takeUnsaved(this.#breathe)
    if (parts.length === 0) return
    // It is a cache: what could not be kept is stored another time, or made anew.
    await this.#options.store.putSearchParts(parts).catch(() => index.markUnsaved())
  }

  readonly #breathe = async (): Promise<void> => {
    const { timers } = this.#options
    if (timers.elapsed() - this.#sliceStart < SLICE) return
    await new Promise<void>((resolve) => timers.after(0, resolve))
    this.#sliceStart = timers.elapsed()
  }
}

/** By month. */
const newestFirst = (a: DocName, b: DocName): number => {
  const [monthA, monthB] = [a.slice(-7), b.slice(-7)]
  return monthA === monthB ? 0 : monthA < monthB ? 1 : -1
}
