/** The documents in which the server writes: read here, never written. */
import * as Y from 'yjs'
import { SYS } from '../chat/lanes.ts'
import type { DocName } from '../ids/ids.ts'
import type { DocPatch, LocalStore } from './local-store.ts'
import { Serial } from './serial.ts'

export class SysDocs {
  readonly #store: LocalStore
  readonly #changed: (doc: DocName) => void
  readonly #serial = new Serial<DocName>()
  readonly #open = new Map<DocName, { doc: Y.Doc; lastRow: number }>()

  constructor(store: LocalStore, changed: (doc: DocName) => void) {
    this.#store = store
    this.#changed = changed
  }

  /** What the server wrote, as far as it is here and has been opened. */
  entries(doc: DocName): Iterable<readonly [string, unknown]> {
    return this.#open.get(doc)?.doc.getMap<unknown>(SYS).entries() ?? []
  }

  open(doc: DocName): Promise<void> {
    return this.#serial.run(doc, async () => {
      await this.#load(doc)
    })
  }

  receive(doc: DocName, updates: readonly Uint8Array[], patch: DocPatch): Promise<void> {
    return this.#serial.run(doc, async () => {
      await this.#load(doc)
      await this.#store.append(
        doc,
        updates.map((update) => ({ update })),
        patch,
      )
      await this.#catchUp(doc)
    })
  }

  /** Another tab wrote. */
  refresh(doc: DocName): Promise<void> {
    return this.#serial.run(doc, () => this.#catchUp(doc))
  }

  async #load(doc: DocName): Promise<void> {
    if (this.#open.has(doc)) return
    this.#open.set(doc, { doc: new Y.Doc(), lastRow: 0 })
    await this.#catchUp(doc)
  }

  async #catchUp(doc: DocName): Promise<void> {
    const open = this.#open.get(doc)
    if (open === undefined) return
    const rows = await this.#store.rows(doc, open.lastRow)
    if (rows.length === 0) return
    for (const { update } of rows) Y.applyUpdate(open.doc, update)
    open.lastRow = rows.at(-1)?.no ?? open.lastRow
    this.#changed(doc)
  }
}
