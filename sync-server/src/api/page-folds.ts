import { Page } from '@wardline/core/chat/page'
import { Serial } from '@wardline/core/client/serial'
import type { DocName } from '@wardline/core/ids/ids'
import type { Store } from '../storage/store.ts'
import { rowsOf } from '../sync/doc-content.ts'

/** Bytes of stored updates whose folds stay in memory; a fold takes about three times as much. */
const KEPT_BYTES = 16 * 1024 * 1024

interface Fold {
  readonly page: Page
  head: number
  bytes: number
}

/**
 * Pages as a reader sees them, for the callers of the HTTP interface: kept by head, so that asking
 * again costs what changed. Bounded; those used last stay.
 */
export class PageFolds {
  readonly #store: Pick<Store, 'head' | 'read' | 'readAfter'>
  readonly #limit: number
  readonly #serial = new Serial<DocName>()
  readonly #folds = new Map<DocName, Fold>()
  #bytes = 0

  constructor(store: Pick<Store, 'head' | 'read' | 'readAfter' | 'onReset'>, limit = KEPT_BYTES) {
    this.#store = store
    this.#limit = limit
    store.onReset(() => this.#forget())
  }

  /** Everything in the page that is durable by now. Rejects with `StoreError`. */
  page(doc: DocName): Promise<Page> {
    return this.#serial.run(doc, async () => {
      const known = this.#folds.get(doc)
      const head = await this.#store.head(doc)
      const fold =
        known !== undefined && (known.head === head || (await this.#catchUp(known, doc, head)))
          ? known
          : await this.#load(doc)
      this.#keep(doc, fold)
      return fold.page
    })
  }

  /** False when the rows after the fold's head are not there any more. */
  async #catchUp(fold: Fold, doc: DocName, head: number): Promise<boolean> {
    const rows = fold.head < head ? await this.#store.readAfter(doc, fold.head) : undefined
    if (rows === undefined) return false
    if (!fold.page.apply(rows.map(({ update }) => update))) return false
    fold.head = rows.at(-1)?.head ?? fold.head
    this.#weigh(
      fold,
      doc,
      rows.reduce((sum, { update }) => sum + update.length, 0),
    )
    return true
  }

  async #load(doc: DocName): Promise<Fold> {
    const content = await this.#store.read(doc)
    const updates = rowsOf(content).map(({ update }) => update)
    const page = new Page()
    page.apply(updates)
    const bytes = updates.reduce((sum, update) => sum + update.length, 0)
    return { page, head: content.head, bytes }
  }

  #keep(doc: DocName, fold: Fold): void {
    this.#drop(doc)
    this.#folds.set(doc, fold)
    this.#bytes += fold.bytes
    for (const oldest of this.#folds.keys()) {
      if (this.#bytes <= this.#limit || oldest === doc) break
      this.#drop(oldest)
    }
  }

  #drop(doc: DocName): void {
    this.#bytes -= this.#folds.get(doc)?.bytes ?? 0
    this.#folds.delete(doc)
  }

  #weigh(fold: Fold, doc: DocName, bytes: number): void {
    fold.bytes += bytes
    if (this.#folds.get(doc) === fold) this.#bytes += bytes
  }

  /** After a failed write nobody knows what the store holds until it is read again. */
  #forget(): void {
    this.#folds.clear()
    this.#bytes = 0
  }
}
