import type { DocName } from '@wardline/core/base/ids'
import { Few } from '../base/few.ts'
import type { Place } from '../storage/lineage.ts'
import type { Store } from '../storage/store.ts'
import { type Hello, readCursor } from './hello.ts'

/**
 * Where a device was in the history of the database before it connected: by it the server tells
 * what the device has and the database does not, or no longer.
 */
export class DeviceHistory {
  readonly #store: Store
  /** Without its token, which is long, and of no use here. */
  readonly #hello: Pick<Hello, 'epoch' | 'cursor'>
  #place: Place | undefined
  /** Documents whose rows it got on this connection, if there is need to know. */
  readonly #given = new Few<DocName>()

  constructor(store: Store, hello: Hello) {
    this.#store = store
    this.#hello = { epoch: hello.epoch, cursor: hello.cursor }
  }

  /**
   * Reads the cursor of the hello, in a database that is at `seq`. Returns the number of the last
   * change that the device was told of; undefined when that cannot be said.
   */
  begin(seq: number): number | undefined {
    this.#place = readCursor(this.#hello, this.#store, seq)
    return this.#place?.seq
  }

  /** It got rows of a document on this connection. */
  gave(doc: DocName): void {
    if (this.#isOld) this.#given.add(doc)
  }

  /**
   * Whether the device's head is of rows that are lost, though others may have taken their numbers.
   * What it was told of before it connected was written by the incarnation of its cursor, or before.
   * Rejects with `StoreError`.
   *
   * @param last the document's head
   */
  async isAhead(doc: DocName, head: number, last: number): Promise<boolean> {
    if (head === 0) return false
    // Of before the document was damaged: whatever the device has of it has to be given again.
    if (head <= (await this.#store.begunAfter(doc))) return true
    if (this.#hello.cursor === '') return false
    if (head > last) return true
    if (this.#place === undefined || !this.#isOld || this.#given.has(doc)) return false
    const by = await this.#store.writtenBy(doc, head)
    return by === undefined || by > this.#place.no
  }

  /** Whether it was last here before this incarnation of the database. */
  get #isOld(): boolean {
    return this.#place !== undefined && this.#place.no < this.#store.lineage.current.no
  }
}
