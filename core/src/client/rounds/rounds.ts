/**
 * A doctor's rounds: the chats of the patients to be seen, with everything of them on the device,
 * also where there is no network. Gets their recent files before anybody asks for them, and knows
 * since when nothing is missing. The tab that leads does the work and tells the others.
 */

import { type ChatId, type DocName, pageDoc } from '../../base/ids.ts'
import type { HybridClock } from '../../chat/hybrid-clock.ts'
import type { PageIndex } from '../chats/page-index.ts'
import type { Pages } from '../documents/pages.ts'
import type { FileCache } from '../files/file-cache.ts'
import type { Timers } from '../model/ports.ts'
import type { AsOf, RecentFileCounts } from '../model/rounds.ts'
import type { RoundsView } from '../model/views.ts'
import type { LocalStore } from '../store/local-store.ts'
import { filesInPage, fitting, isRecent, isRecentMonth, type RecentFile } from './recent-files.ts'

/** Most bytes of files to get ahead; the device keeps more than that. */
const BUDGET = 200 * 1024 * 1024
/** How soon, in ms, after a change things are looked at again. */
const SOON = 500
/** How often, in ms, while nothing changes. */
const EVERY = 20_000
/** Times are told to the minute: more would be stored, and drawn, again and again. */
const MINUTE = 60_000

export interface RoundsOptions {
  store: Pick<LocalStore, 'putMeta' | 'filesFor'>
  timers: Timers
  /** Corrected by the server's: what is recent does not depend on how wrong the device's is. */
  clock: Pick<HybridClock, 'now'>
  pages: Pick<Pages, 'open'>
  pageIndex: Pick<PageIndex, 'months' | 'latestIn' | 'lastRow'>
  fileCache: Pick<FileCache, 'peek' | 'open'>
  /** Chats on the list. */
  chats(): readonly ChatId[]
  /**
   * When the server was last heard of, ms, if by then the device had every message that the server
   * has; undefined when that is not so. Resolves when they are stored.
   */
  upToDate(): Promise<number | undefined>
  /** To the other tabs. */
  tell(asOf: AsOf, files: RecentFileCounts): void
  changed(): void
  storageFailed(error: unknown): void
}

export class Rounds {
  readonly #options: RoundsOptions
  readonly #asOf: Map<ChatId, number>
  #files: RecentFileCounts = { missing: 0, omitted: 0 }
  #leads = false
  #stopped = false
  #cancel = () => {}
  #looking: Promise<void> | undefined
  #again = false
  /** Files of a page up to a row. */
  readonly #known = new Map<DocName, { row: number; files: readonly RecentFile[] }>()
  /** Files that the server says it does not have. */
  readonly #gone = new Set<string>()

  constructor(options: RoundsOptions, asOf: AsOf) {
    this.#options = options
    this.#asOf = new Map(asOf.map(({ chat, at }) => [chat, at]))
  }

  view(): RoundsView {
    const times = this.#options.chats().map((chat) => this.#asOf.get(chat))
    const complete = times.length > 0 && !times.includes(undefined)
    const { missing, omitted } = this.#files
    return {
      completeAsOf: complete ? Math.min(...times.map((at) => at ?? 0)) : null,
      missingFiles: missing,
      omittedFiles: omitted,
    }
  }

  /** This tab does the work from now on. */
  lead(): void {
    this.#leads = true
    this.touched()
  }

  /** How it stands, once more: for a tab that has just started. */
  say(): void {
    this.#options.tell(this.#list(), this.#files)
  }

  /** The leading tab says how it stands. */
  told(asOf: AsOf, files: RecentFileCounts): void {
    this.#asOf.clear()
    for (const { chat, at } of asOf) this.#asOf.set(chat, at)
    this.#files = files
  }

  /** Messages, the list, or the connection may be different. */
  touched(): void {
    if (this.#looking === undefined) this.#schedule(SOON)
    else this.#again = true
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  #schedule(ms: number): void {
    this.#cancel()
    if (!this.#leads || this.#stopped || this.#options.chats().length === 0) return
    this.#cancel = this.#options.timers.after(ms, () => {
      this.#looking = this.#look()
        // What was known before stays as it is.
        .catch(this.#options.storageFailed)
        .finally(() => {
          this.#looking = undefined
          this.#schedule(this.#again ? SOON : EVERY)
          this.#again = false
        })
    })
  }

  async #look(): Promise<void> {
    const { clock, fileCache, upToDate } = this.#options
    // First: what comes while the files are looked for belongs to the next look.
    const at = await upToDate()
    const { files, omitted } = fitting(await this.#recentFiles(clock.now()), BUDGET)
    const missing = new Set<RecentFile>()
    const here = await this.#kept()
    for (const file of files)
      if (!here.has(file.attachment.hash) && !(await this.#isHere(file))) missing.add(file)
    await this.#note(at, missing, omitted)
    if (at === undefined) return
    for (const file of [...missing]) {
      if (this.#stopped) return
      const { kind } = await fileCache.open(file.chat, file.attachment)
      if (kind === 'unreachable') return
      if (kind === 'gone' || kind === 'damaged') this.#gone.add(file.attachment.hash)
      missing.delete(file)
      await this.#note(at, missing, omitted)
    }
  }

  /**
   * @param at when the device had all messages, ms; undefined when it does not
   * @param missing files of messages until then: chats without any are complete
   */
  async #note(
    at: number | undefined,
    missing: ReadonlySet<RecentFile>,
    omitted: number,
  ): Promise<void> {
    const { chats, store, tell, changed } = this.#options
    const before = JSON.stringify(this.view())
    const list = new Set(chats())
    for (const chat of this.#asOf.keys()) if (!list.has(chat)) this.#asOf.delete(chat)
    const lacking = new Set([...missing].map(({ chat }) => chat))
    if (at !== undefined)
      for (const chat of list) if (!lacking.has(chat)) this.#asOf.set(chat, at - (at % MINUTE))
    this.#files = { missing: missing.size, omitted }
    if (JSON.stringify(this.view()) === before) return
    const asOf = this.#list()
    await store.putMeta({ completeAsOf: asOf })
    tell(asOf, this.#files)
    changed()
  }

  #list(): AsOf {
    return [...this.#asOf].map(([chat, at]) => ({ chat, at }))
  }

  async #recentFiles(now: number): Promise<readonly RecentFile[]> {
    const { chats, pageIndex } = this.#options
    const all: RecentFile[] = []
    for (const chat of chats())
      for (const month of pageIndex.months(chat)) {
        if (!isRecentMonth(month, pageIndex.latestIn(chat, month), now)) continue
        for (const file of await this.#filesOf(chat, pageDoc(chat, month))) all.push(file)
      }
    return all.filter((file) => isRecent(file, now) && !this.#gone.has(file.attachment.hash))
  }

  async #filesOf(chat: ChatId, doc: DocName): Promise<readonly RecentFile[]> {
    const { pages, pageIndex } = this.#options
    const known = this.#known.get(doc)
    if (known !== undefined && known.row === pageIndex.lastRow(doc)) return known.files
    const { page, lastRow } = await pages.open(doc)
    const files = await filesInPage(chat, page)
    this.#known.set(doc, { row: lastRow, files })
    return files
  }

  async #kept(): Promise<ReadonlySet<string>> {
    const { chats, store } = this.#options
    const names = await Promise.all(chats().map((chat) => store.filesFor(chat)))
    return new Set(names.flat())
  }

  async #isHere({ attachment }: RecentFile): Promise<boolean> {
    return (await this.#options.fileCache.peek(attachment)).kind === 'done'
  }
}
