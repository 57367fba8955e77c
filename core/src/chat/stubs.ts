/**
 * What retractions say about entries whose content is gone: their places in the timeline stay.
 * A member may say that of entries of their own alone, and of none that never was: readers tell
 * others that they have, and have read, what they see.
 */
import { clientIdOf, type MemberIndex, type Writer } from '../base/client-id.ts'
import type { DeviceId } from '../base/ids.ts'
import { type EntryId, entryId, type Seen } from './entry.ts'
import type { Place } from './order.ts'

export interface Stub {
  author: MemberIndex
  /** Of the retraction. */
  device: DeviceId
  writer: Writer
  n: number
  at: number
  seen: Seen
  /** The retraction. */
  by: Place
}

export class Stubs {
  readonly #elementsOf: (client: number) => number
  readonly #placed = new Map<EntryId, Stub>()
  #waiting: Stub[] = []

  /** @param elementsOf how many elements a client has put into its log, deleted ones counted */
  constructor(elementsOf: (client: number) => number) {
    this.#elementsOf = elementsOf
  }

  add(stub: Stub): void {
    this.#waiting.push(stub)
  }

  /**
   * Those of entries that have been there, with the first retraction of an entry first. The others
   * wait: theirs may be on the way.
   */
  take(): readonly Stub[] {
    if (this.#waiting.length === 0) return this.#waiting
    const due = this.#waiting.filter((stub) => this.#isDue(stub))
    this.#waiting = this.#waiting.filter((stub) => !this.#isDue(stub))
    return due.sort(compareRetractions)
  }

  place(stub: Stub): void {
    this.#placed.set(entryId(stub.writer, stub.n), stub)
  }

  /** Whether only a stub is left of an entry. */
  has(id: EntryId): boolean {
    return this.#placed.has(id)
  }

  /** Whether another retraction of the same entry was placed that does not come first. */
  isLate(stub: Stub): boolean {
    const placed = this.#placed.get(entryId(stub.writer, stub.n))
    return placed !== undefined && compareRetractions(stub, placed) < 0
  }

  clear(): void {
    this.#placed.clear()
    this.#waiting = []
  }

  #isDue({ author, writer, n }: Stub): boolean {
    return this.#elementsOf(clientIdOf(author, writer)) >= n
  }
}

/** An author may take back the same entry twice, and say something else about it each time. */
const compareRetractions = (a: Stub, b: Stub): number =>
  a.by.writer - b.by.writer || a.by.n - b.by.n
