import type { DocName } from '../base/ids.ts'
import type { PendingWrite } from '../chat/lane-writer.ts'
import { Signal } from './model/signal.ts'
import type { DocRecord, StoredRow } from './store/local-store.ts'

/**
 * What the parts of a device tell those that stand above them. Who is told, and in which order, is
 * where the parts are put together: from the floor of the documents up to the views.
 */
export class Signals {
  /** Something is different that a screen may show. */
  readonly changed = new Signal()
  /** The same of a document, or of something about it. */
  readonly docChanged = new Signal<[DocName]>()
  /** There is something new in a page. */
  readonly pageTouched = new Signal<[DocName]>()
  /** A record was stored with the rows of its document. */
  readonly recordStored = new Signal<[DocRecord]>()
  /** A document of the server's, or the person's own, is different. */
  readonly sysDocChanged = new Signal<[DocName]>()
  /** A row of this device's own is stored and waits to be sent; with entries, if it is of a page. */
  readonly wrote = new Signal<[DocName, StoredRow, PendingWrite['entries'] | undefined]>()
  /** Rows are missing, or cannot be read: the document has to be fetched from the start. */
  readonly incomplete = new Signal<[DocName]>()
  /** Content of a page was taken back by its author. */
  readonly erased = new Signal<[DocName]>()
  /** These documents are on screen now, in this tab. */
  readonly shown = new Signal<[readonly DocName[]]>()
}
