/**
 * The device's rows as somebody else changed them in the store: another tab, or this one on behalf
 * of the server. Takes them in wherever this tab has made something of them.
 */
import { type DocName, parseDocName } from '../base/ids.ts'
import type { OutboxIndex } from './chats/outbox-index.ts'
import type { PageIndex } from './chats/page-index.ts'
import type { Pages } from './documents/pages.ts'
import type { SysDocs } from './documents/sys-docs.ts'
import type { Memberships } from './memberships.ts'
import type { DocRecord, LocalStore } from './store/local-store.ts'
import type { SyncLink } from './sync/sync-link.ts'

export interface SharedRowsOptions {
  store: LocalStore
  pages: Pages
  sysDocs: SysDocs
  pageIndex: PageIndex
  outbox: OutboxIndex
  syncLink: SyncLink
  memberships: Memberships
  /** There is something new in a page. */
  touched(doc: DocName): void
  /** Something of the document's chat is different. */
  changed(doc: DocName): void
}

export class SharedRows {
  readonly #options: SharedRowsOptions

  constructor(options: SharedRowsOptions) {
    this.#options = options
  }

  /** Another tab wrote rows. */
  async refresh(doc: DocName): Promise<void> {
    const { pages, sysDocs, touched, syncLink } = this.#options
    if (parseDocName(doc)?.kind === 'page') {
      if (pages.peek(doc) === undefined) await this.#deriveClosed(doc)
      else await pages.refresh(doc)
      touched(doc)
    } else await sysDocs.refresh(doc)
    await syncLink.takeFromOutbox(doc)
    await this.#outboxChanged(doc)
    await this.#recordChanged(doc)
  }

  /** Another tab replaced rows. */
  async replaced(doc: DocName): Promise<void> {
    const { pages, sysDocs, touched } = this.#options
    touched(doc)
    if (parseDocName(doc)?.kind === 'page') await pages.replaced(doc)
    else await sysDocs.replaced(doc)
    await this.changedBy('replaced', doc)
  }

  /** This tab stored something of the server's besides what it has taken in. */
  async changedBy(how: 'rows' | 'replaced', doc: DocName): Promise<void> {
    // What is only added to a document leaves what waits to be sent as it was.
    if (how === 'replaced') await this.#outboxChanged(doc)
    await this.#recordChanged(doc)
  }

  async #outboxChanged(doc: DocName): Promise<void> {
    const { store, outbox } = this.#options
    outbox.replace(doc, await store.outbox(doc))
  }

  /** What a document's record says is in it now. Whoever stored it says that it changed. */
  note(record: DocRecord): void {
    const { pageIndex, outbox, memberships } = this.#options
    pageIndex.setRecord(record)
    outbox.doubt(record.doc, record.lost)
    const ref = parseDocName(record.doc)
    if (ref?.kind === 'page') memberships.recall([ref.chat])
  }

  async #recordChanged(doc: DocName): Promise<void> {
    const { store, changed } = this.#options
    const record = await store.record(doc)
    if (record !== undefined) this.note(record)
    changed(doc)
  }

  /** The server has this device's rows up to one. */
  acknowledged(doc: DocName, upTo: number): void {
    this.#options.outbox.acknowledge(doc, upTo)
    this.#options.changed(doc)
  }

  /** The page of a chat that may be new to this tab. */
  async #deriveClosed(doc: DocName): Promise<void> {
    const { pages, pageIndex, memberships } = this.#options
    const ref = parseDocName(doc)
    if (ref?.kind === 'page') memberships.recall([ref.chat])
    await pageIndex.derive(await pages.open(doc))
  }
}
