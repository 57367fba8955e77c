import type { ClockRange } from './struct.ts'

const FEW = 8

/** A set of clocks, kept as sorted, disjoint ranges in one flat array. */
export class RangeSet {
  /** Starts at even places, ends (exclusive) at odd ones. */
  readonly #bounds: number[] = []

  add(from: number, to: number): void {
    const bounds = this.#bounds
    const last = bounds[bounds.length - 1]
    if (last === undefined || from > last) {
      bounds.push(from, to)
      return
    }
    // All ranges that touch [from, to) become one with it.
    const first = this.#firstEndingAt(from)
    let after = first
    let start = from
    let end = to
    while (after < bounds.length && (bounds[after] ?? 0) <= end) {
      start = Math.min(start, bounds[after] ?? start)
      end = Math.max(end, bounds[after + 1] ?? end)
      after += 2
    }
    bounds.splice(first, after - first, start, end)
  }

  /**
   * Adds many ranges, in any order, in time that does not depend on how they lie: one by one,
   * scattered ranges cost a move of the whole array each.
   */
  addAll(ranges: readonly { readonly clock: number; readonly len: number }[]): void {
    if (ranges.length <= FEW) {
      for (const { clock, len } of ranges) this.add(clock, clock + len)
      return
    }
    const all = this.ranges()
    for (const { clock, len } of ranges) all.push([clock, clock + len])
    all.sort(([a], [b]) => a - b)
    this.#bounds.length = 0
    for (const [from, to] of all) this.add(from, to)
  }

  has(clock: number): boolean {
    const at = this.#firstEndingAt(clock + 1)
    return (this.#bounds[at] ?? Number.POSITIVE_INFINITY) <= clock
  }

  /** Whether any of [from, to) is in the set. */
  overlaps(from: number, to: number): boolean {
    const at = this.#firstEndingAt(from + 1)
    return (this.#bounds[at] ?? Number.POSITIVE_INFINITY) < to
  }

  /** Calls `visit` for each part of [from, to) that is not in the set, in order. */
  eachGap(from: number, to: number, visit: (from: number, to: number) => void): void {
    const bounds = this.#bounds
    let clock = from
    for (let i = this.#firstEndingAt(from); i < bounds.length && clock < to; i += 2) {
      const start = bounds[i] ?? to
      if (start >= to) break
      if (start > clock) visit(clock, start)
      clock = Math.max(clock, bounds[i + 1] ?? clock)
    }
    if (clock < to) visit(clock, to)
  }

  /** Pairs of start and end (exclusive). */
  ranges(): [number, number][] {
    const pairs: [number, number][] = []
    for (let i = 0; i < this.#bounds.length; i += 2)
      pairs.push([this.#bounds[i] ?? 0, this.#bounds[i + 1] ?? 0])
    return pairs
  }

  /** Place in the array of the first range whose end is not before `clock`. */
  #firstEndingAt(clock: number): number {
    const bounds = this.#bounds
    let low = 0
    let high = bounds.length / 2
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((bounds[2 * middle + 1] ?? 0) < clock) low = middle + 1
      else high = middle
    }
    return 2 * low
  }
}

/** Adds ranges of several clients to a set for each. */
export const addRanges = (sets: Map<number, RangeSet>, ranges: readonly ClockRange[]): void => {
  let from = 0
  while (from < ranges.length) {
    const client = ranges[from]?.client ?? 0
    let to = from + 1
    while (ranges[to]?.client === client) to++
    let set = sets.get(client)
    if (set === undefined) {
      set = new RangeSet()
      sets.set(client, set)
    }
    set.addAll(from === 0 && to === ranges.length ? ranges : ranges.slice(from, to))
    from = to
  }
}
