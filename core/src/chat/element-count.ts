/** How many elements a client has put into its log, those that are deleted counted. */
import * as Y from 'yjs'

export class ElementCount {
  readonly #doc: Y.Doc
  /** What was counted, up to which clock. */
  readonly #counted = new Map<number, { clock: number; elements: number }>()

  constructor(doc: Y.Doc) {
    this.#doc = doc
  }

  /** Receipts have clocks as well, but they are no elements: they lie under keys. */
  of(client: number): number {
    const structs = this.#doc.store.clients.get(client) ?? []
    const before = this.#counted.get(client) ?? { clock: 0, elements: 0 }
    let { clock, elements } = before
    for (let i = structs.length - 1; i >= 0; i--) {
      const struct = structs[i]
      if (struct === undefined) break
      const end = struct.id.clock + struct.length
      if (end <= before.clock) break
      clock = Math.max(clock, end)
      if (struct instanceof Y.Item && struct.parentSub === null)
        elements += end - Math.max(struct.id.clock, before.clock)
    }
    this.#counted.set(client, { clock, elements })
    return elements
  }
}
