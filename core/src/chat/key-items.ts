/**
 * What was set at one key of a map. A key is set once by honest devices, and of two that set it at
 * once Yjs shows one; which, is decided by the place that each item takes in a list. Source:
 * Item.integrate in yjs 13.6 (YATA), for items that are appended.
 */
import type { RunPlace } from '../update/client-runs.ts'
import type { StructId } from '../update/struct.ts'

export interface KeyItem {
  readonly client: number
  readonly clock: number
  readonly len: number
  readonly origin: StructId | null
  /** Undefined when it is gone. */
  readonly value: unknown
  deleted: boolean
}

export class KeyItems implements RunPlace {
  readonly log = false
  /** Of the map. */
  readonly root: string
  readonly key: string
  /** In the order of Yjs: the last holds the value. Mostly one. */
  readonly #items: KeyItem[] = []

  constructor(root: string, key: string) {
    this.root = root
    this.key = key
  }

  /** What the key is set to; undefined when that is deleted. */
  get value(): unknown {
    const last = this.#items.at(-1)
    return last === undefined || last.deleted ? undefined : last.value
  }

  /** Its origin, if it has one, has been added. */
  add(item: KeyItem): void {
    const items = this.#items
    const at = items.length === 0 ? 0 : this.#placeOf(item)
    if (at === items.length) {
      const before = items.at(-1)
      if (before !== undefined) before.deleted = true
    } else item.deleted = true
    items.splice(at, 0, item)
  }

  delete(client: number, from: number, to: number): void {
    this.#cut(client, from)
    this.#cut(client, to)
    for (const item of this.#items)
      if (item.client === client && item.clock >= from && item.clock < to) item.deleted = true
  }

  #placeOf({ client, origin }: KeyItem): number {
    const items = this.#items
    if (origin !== null) this.#cut(origin.client, origin.clock + 1)
    const start = this.#indexOf(origin) + 1
    let place = start
    /** From here on items are in conflict with this one. */
    let conflicting = start
    for (let at = start; at < items.length; at++) {
      const other = items[at] as KeyItem
      if (isSameId(origin, other.origin)) {
        if (other.client >= client) break
        place = at + 1
        conflicting = at + 1
        continue
      }
      const before = this.#indexOf(other.origin)
      if (other.origin === null || before < start || before > at) break
      if (before < conflicting) {
        place = at + 1
        conflicting = at + 1
      }
    }
    return place
  }

  /** -1 for none. */
  #indexOf(id: StructId | null): number {
    if (id === null) return -1
    return this.#items.findIndex(
      ({ client, clock, len }) =>
        client === id.client && id.clock >= clock && id.clock < clock + len,
    )
  }

  /** Makes an item begin at a clock, where one holds it and does not begin there. */
  #cut(client: number, clock: number): void {
    const at = this.#indexOf({ client, clock })
    const item = this.#items[at]
    if (item === undefined || item.clock === clock) return
    const first = { ...item, len: clock - item.clock }
    const origin = { client, clock: clock - 1 }
    const second = { ...item, clock, len: item.clock + item.len - clock, origin }
    this.#items.splice(at, 1, first, second)
  }
}

const isSameId = (a: StructId | null, b: StructId | null): boolean =>
  a === b || (a !== null && b !== null && a.client === b.client && a.clock === b.clock)
