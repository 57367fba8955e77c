/**
 * What was set at one key of a map. A key is set once by honest devices, and of two that set it at
 * once Yjs shows one; which, is decided by the place that each item takes in a list. Source:
 * Item.integrate in yjs 13.6 (YATA), for items that are appended. Somebody may set one key a
 * hundred thousand times, so nothing here looks at all of a list where Yjs does not.
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
  readonly deleted: boolean
}

/** An item at its place in the list. */
class Placed implements KeyItem {
  readonly client: number
  readonly clock: number
  len: number
  readonly origin: StructId | null
  readonly value: unknown
  deleted: boolean
  /** The one behind it. */
  next: Placed | undefined
  /** The walk over the list that passed it last, and how many that had passed before. */
  walk = 0
  at = 0

  constructor({ client, clock, len, origin, value, deleted }: KeyItem) {
    this.client = client
    this.clock = clock
    this.len = len
    this.origin = origin
    this.value = value
    this.deleted = deleted
  }
}

export class KeyItems implements RunPlace {
  readonly log = false
  /** Of the map. */
  readonly root: string
  readonly key: string
  /** By client and clock. Mostly one. */
  readonly #items: Placed[] = []
  /** In the order of Yjs: the last holds the value. */
  #first: Placed | undefined
  #last: Placed | undefined
  #walks = 0

  constructor(root: string, key: string) {
    this.root = root
    this.key = key
  }

  /** What the key is set to; undefined when that is deleted. */
  get value(): unknown {
    return this.#last === undefined || this.#last.deleted ? undefined : this.#last.value
  }

  /** Its origin, if it has one, has been added. */
  add(item: KeyItem): void {
    const placed = new Placed(item)
    const before = this.#placeOf(placed)
    if (before === undefined) {
      placed.next = this.#first
      this.#first = placed
    } else {
      placed.next = before.next
      before.next = placed
    }
    if (placed.next === undefined) {
      if (before !== undefined) before.deleted = true
      this.#last = placed
    } else placed.deleted = true
    this.#items.splice(this.#countTo(placed.client, placed.clock), 0, placed)
  }

  delete(client: number, from: number, to: number): void {
    this.#cut(client, from)
    this.#cut(client, to)
    for (let at = this.#countTo(client, from - 1); ; at++) {
      const item = this.#items[at]
      if (item === undefined || item.client !== client || item.clock >= to) return
      item.deleted = true
    }
  }

  /** The item that this one comes behind; undefined for the first place. */
  #placeOf({ client, origin }: Placed): Placed | undefined {
    if (origin !== null) this.#cut(origin.client, origin.clock + 1)
    let before = origin === null ? undefined : this.#holding(origin)
    const walk = ++this.#walks
    /** From here on items are in conflict with this one. */
    let conflicting = 0
    let at = 0
    for (
      let other = before === undefined ? this.#first : before.next;
      other !== undefined;
      other = other.next
    ) {
      other.walk = walk
      other.at = at++
      if (isSameId(origin, other.origin)) {
        if (other.client >= client) break
      } else {
        const passed = other.origin === null ? undefined : this.#holding(other.origin)
        if (passed?.walk !== walk) break
        if (passed.at >= conflicting) continue
      }
      before = other
      conflicting = at
    }
    return before
  }

  #holding({ client, clock }: StructId): Placed | undefined {
    const item = this.#items[this.#countTo(client, clock) - 1]
    return item?.client === client && clock < item.clock + item.len ? item : undefined
  }

  /** How many items begin at this clock or before it, with all of lower clients. */
  #countTo(client: number, clock: number): number {
    const items = this.#items
    let low = 0
    let high = items.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const item = items[middle] as Placed
      if (item.client < client || (item.client === client && item.clock <= clock)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Makes an item begin at a clock, where one holds it and does not begin there. */
  #cut(client: number, clock: number): void {
    const item = this.#holding({ client, clock })
    if (item === undefined || item.clock === clock) return
    const len = item.clock + item.len - clock
    const rest = new Placed({ ...item, clock, len, origin: { client, clock: clock - 1 } })
    rest.next = item.next
    item.len -= len
    item.next = rest
    if (this.#last === item) this.#last = rest
    this.#items.splice(this.#countTo(client, clock), 0, rest)
  }
}

const isSameId = (a: StructId | null, b: StructId | null): boolean =>
  a === b || (a !== null && b !== null && a.client === b.client && a.clock === b.clock)
