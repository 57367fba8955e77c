/**
 * Which clocks of one Yjs client lie where: runs instead of an object per entry, because a page
 * can have a hundred thousand entries and the server holds the index of every open page.
 */

/** Where a clock lies; places are compared by identity. */
export interface RunPlace {
  /** Whether its clocks are elements of a list, which are counted. */
  readonly log: boolean
}

export class ClientRuns<Place extends RunPlace> {
  /** First clock of these runs; earlier clocks are somebody else's business. */
  readonly base: number
  /** The client's next clock. */
  next: number
  /** Number of the client's last entry in its log, 0 for none. */
  entries: number
  readonly #starts: number[] = []
  readonly #places: Place[] = []
  /** Entries before each run. */
  readonly #before: number[] = []

  constructor(base = 0, entries = 0) {
    this.base = base
    this.next = base
    this.entries = entries
  }

  /** Number of runs. */
  get count(): number {
    return this.#starts.length
  }

  /** Adds `len` clocks after the last one. */
  append(len: number, place: Place): void {
    if (this.#places[this.#places.length - 1] !== place) {
      this.#starts.push(this.next)
      this.#places.push(place)
      this.#before.push(this.entries)
    }
    this.next += len
    if (place.log) this.entries += len
  }

  /** Adds runs that begin where these end. */
  appendAll(more: ClientRuns<Place>): void {
    more.eachRun(more.base, more.next, (place, from, to) => this.append(to - from, place))
  }

  /** Place of a clock; undefined outside the runs. */
  placeAt(clock: number): Place | undefined {
    if (clock < this.base || clock >= this.next) return undefined
    return this.#places[this.#runAt(clock)]
  }

  /** How many entries there are before a clock within the runs. */
  entriesBefore(clock: number): number {
    const run = this.#runAt(clock)
    const before = this.#before[run] ?? 0
    return this.#places[run]?.log === true ? before + clock - (this.#starts[run] ?? clock) : before
  }

  /** Clock of the n-th entry; undefined outside the runs. */
  clockOf(n: number): number | undefined {
    if (n < 1 || n > this.entries) return undefined
    let low = 0
    let high = this.#before.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#before[middle] ?? 0) < n) low = middle + 1
      else high = middle
    }
    // The last run that begins before entry n: runs outside the log add no entries.
    const run = low - 1
    const start = this.#starts[run]
    return start === undefined ? undefined : start + n - 1 - (this.#before[run] ?? 0)
  }

  /** Calls `visit` for each run within [from, to), cut to it, in order. */
  eachRun(from: number, to: number, visit: (place: Place, from: number, to: number) => void): void {
    const first = Math.max(from, this.base)
    const end = Math.min(to, this.next)
    if (first >= end) return
    for (let i = this.#runAt(first); i < this.#starts.length; i++) {
      const start = Math.max(first, this.#starts[i] ?? first)
      const place = this.#places[i]
      if (start >= end || place === undefined) return
      visit(place, start, Math.min(end, this.#starts[i + 1] ?? end))
    }
  }

  #runAt(clock: number): number {
    const starts = this.#starts
    let low = 0
    let high = starts.length - 1
    if ((starts[high] ?? 0) <= clock) return high
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((starts[middle] ?? 0) <= clock) low = middle
      else high = middle - 1
    }
    return low
  }
}
