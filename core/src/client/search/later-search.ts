/**
 * Looking for messages, loaded when somebody looks, or once the tab that leads has started: what
 * it takes is a good part of the program, and the list of chats does without.
 */
import type { DocName } from '../../base/ids.ts'
import type { Engine, EngineOptions } from './engine.ts'
import { filterChats } from './filter-chats.ts'
import { nothingFound, type SearchOptions, type SearchResults } from './results.ts'

/** Milliseconds after a tab leads, in which it has more urgent things to load. */
const LOAD_DELAY = 500

export class LaterSearch {
  readonly #options: EngineOptions
  #loading: Promise<Engine> | undefined
  #engine: Engine | undefined
  #leads = false
  #stopped = false
  #cancelLoad: (() => void) | undefined

  constructor(options: EngineOptions) {
    this.#options = options
  }

  /** This tab leads now, and makes the index before anybody searches. */
  lead(): void {
    this.#leads = true
    if (this.#engine !== undefined) return this.#engine.index.lead()
    // What does not come now is loaded when somebody looks.
    this.#cancelLoad ??= this.#options.timers.after(
      LOAD_DELAY,
      () => void this.#load().catch(() => undefined),
    )
  }

  /** The rows of a page changed. */
  touched(doc: DocName): void {
    this.#engine?.index.touched(doc)
  }

  /** Where the search itself cannot be loaded, chats are found by name all the same. */
  async search(query: string, options: SearchOptions): Promise<SearchResults> {
    const engine = await this.#load().catch(() => undefined)
    if (engine !== undefined) return engine.searches.search(query, options)
    const chats = options.chat === undefined ? filterChats(this.#options.list.all(), query) : []
    return { ...nothingFound, chats: chats.map(({ id }) => id), complete: false }
  }

  stop(): void {
    this.#stopped = true
    this.#cancelLoad?.()
    this.#engine?.index.stop()
  }

  #load(): Promise<Engine> {
    this.#loading ??= import('./engine.ts').then(
      ({ searchEngine }) => {
        const engine = searchEngine(this.#options)
        this.#engine = engine
        if (this.#stopped) engine.index.stop()
        else if (this.#leads) engine.index.lead()
        return engine
      },
      (error: unknown) => {
        this.#loading = undefined
        throw error
      },
    )
    return this.#loading
  }
}
