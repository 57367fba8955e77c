/** Keeps the list of chats as it is shown, for the next start to draw at once. */
import type { Timers } from '@wardline/core/client/model/ports'
import type { ShellView } from '@wardline/core/client/model/views'
import { type ListRecord, listRecordOf } from './list-record.ts'

/**
 * How long after a change it is written, ms: what follows soon is written with it. Not when the page
 * goes: WebKit leaves a transaction open that such a page began, and the next page waits for it.
 */
const WAIT = 2_000

export interface ListKeeperOptions {
  /** Puts it into the database, or takes away what is there. */
  put(record: ListRecord | null): Promise<void>
  /** What is shown; null for nothing that a next start may show. */
  shell(): ShellView | null
  /** Whether a start may draw it before anything is asked. */
  mayKeep(shown: ShellView): boolean
  /** Whether somebody can see it: a tab in the background may show what was once. */
  isVisible(): boolean
  timers: Pick<Timers, 'after'>
}

export class ListKeeper {
  readonly #options: ListKeeperOptions
  #cancel: (() => void) | undefined
  /** As it was written last, as text. */
  #written: string | undefined
  /** The shell that it was made of. */
  #of: ShellView | undefined
  #stopped = false

  constructor(options: ListKeeperOptions) {
    this.#options = options
  }

  /** What is shown may be different. */
  changed(): void {
    if (this.#stopped) return
    this.#cancel ??= this.#options.timers.after(WAIT, () => {
      this.#cancel = undefined
      if (this.#options.isVisible()) this.#write()
    })
  }

  #write(): void {
    if (this.#stopped) return
    const { shell, mayKeep, put } = this.#options
    const shown = shell()
    if (shown === null || shown === this.#of) return
    this.#of = shown
    const record = mayKeep(shown) ? (listRecordOf(shown) ?? null) : null
    const text = JSON.stringify(record)
    if (text === this.#written) return
    this.#written = text
    // The next change writes it again. What is wrong with the database is told by what matters.
    put(record).catch(() => {
      this.#written = undefined
      this.#of = undefined
    })
  }

  /** Nothing is written from here on. */
  stop(): void {
    this.#stopped = true
    this.#cancel?.()
  }
}
