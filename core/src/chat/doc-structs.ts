/** The structs of a page as Yjs has them, for updates of which no more is known. */
import * as Y from 'yjs'
import { type MemberIndex, type Writer, writerOf } from '../base/client-id.ts'
import { type Authored, readEntry } from './entry.ts'
import { logName, readRootName, SYS } from './lanes.ts'
import type { PageStructs, StructSink } from './page-structs.ts'

export class DocStructs implements PageStructs {
  readonly #sink: StructSink
  readonly #doc = emptyDoc()
  readonly #known = new Set<string>()
  #erased = false

  constructor(sink: StructSink) {
    this.#sink = sink
  }

  get updates(): readonly Uint8Array[] {
    return [Y.encodeStateAsUpdate(this.#doc)]
  }

  get isComplete(): boolean {
    const { pendingStructs, pendingDs } = this.#doc.store
    return pendingStructs === null && pendingDs === null
  }

  /** @throws what Yjs throws for bytes that it cannot read either */
  apply(updates: readonly Uint8Array[]): boolean {
    this.#doc.transact(() => {
      for (const update of updates) Y.applyUpdate(this.#doc, update)
    })
    for (const name of [...this.#doc.share.keys()]) if (!this.#known.has(name)) this.#discover(name)
    return true
  }

  takeErased(): boolean {
    const erased = this.#erased
    this.#erased = false
    return erased
  }

  tellAgain(): void {
    for (const name of this.#known) {
      const root = readRootName(name)
      if (root?.part === 'log') this.#tellLog(root.index)
    }
  }

  entriesOf(author: MemberIndex): readonly Authored[] {
    return this.#doc
      .getArray<unknown>(logName(author))
      .toArray()
      .flatMap((value) => authored(author, value))
  }

  hasWriter(writer: Writer): boolean {
    return [...this.#doc.store.clients.keys()].some((client) => writerOf(client) === writer)
  }

  elementsOf(client: number): number {
    let elements = 0
    for (const { length } of this.#elementsOf(client)) elements += length
    return elements
  }

  clockOf(client: number, n: number): number | undefined {
    let before = 0
    for (const { id, length } of this.#elementsOf(client)) {
      if (n <= before + length) return id.clock + n - before - 1
      before += length
    }
    return undefined
  }

  /** Receipts have clocks as well, but they are no elements: they lie under keys. */
  *#elementsOf(client: number): Iterable<Y.Item> {
    for (const struct of this.#doc.store.clients.get(client) ?? [])
      if (struct instanceof Y.Item && struct.parentSub === null) yield struct
  }

  #discover(name: string): void {
    this.#known.add(name)
    const root = readRootName(name)
    if (root?.part === 'log') {
      this.#doc.getArray<unknown>(name).observe((event) => {
        for (const change of event.delta) {
          if (change.delete !== undefined) this.#erased = true
          if (!Array.isArray(change.insert)) continue
          for (const value of change.insert) this.#tell(root.index, value)
        }
      })
      this.#tellLog(root.index)
    } else if (root !== undefined)
      this.#follow(name, (key, value) => this.#sink.receipt(root.index, key, value))
    else if (name === SYS) this.#follow(name, (key, value) => this.#sink.mark(key, value))
  }

  #follow(name: string, tell: (key: string, value: unknown) => void): void {
    const map = this.#doc.getMap<unknown>(name)
    map.observe((event) => {
      for (const key of event.keysChanged) tell(key, map.get(key))
    })
    for (const [key, value] of map.entries()) tell(key, value)
  }

  #tellLog(author: MemberIndex): void {
    for (const value of this.#doc.getArray<unknown>(logName(author)).toArray())
      this.#tell(author, value)
  }

  #tell(author: MemberIndex, value: unknown): void {
    for (const entry of authored(author, value)) this.#sink.entry(entry)
  }
}

// Nothing asks for its name; a random one takes most of the time of making a document.
export const emptyDoc = (): Y.Doc => new Y.Doc({ guid: '' })

const authored = (author: MemberIndex, value: unknown): Authored[] => {
  const entry = readEntry(value)
  return entry === undefined ? [] : [{ ...entry, author }]
}
