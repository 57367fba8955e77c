/**
 * Order on screen: causal first, then by time. Each entry gets a hybrid logical timestamp (l, c)
 * derived from its own `at` and from what its author had seen, after Kulkarni et al. (2014); the
 * reader derives it, so that a wrong or lying clock moves only its own messages, never the date
 * shown on anybody else's, and still no answer sorts before its question. A pure function of the
 * set of entries: replicas with the same entries show the same order.
 */
import type { Writer } from '../base/client-id.ts'
import type { Seen } from './entry.ts'

/** What belongs so many places before the end is not put there one by one: there may be more. */
const FAR_BACK = 500

/** Which entry of a page. */
export interface Place {
  writer: Writer
  n: number
}

export interface Placeable extends Place {
  at: number
  seen: Seen
}

/** Position of an entry: l in ms, c counts up where l is equal. */
interface Stamp {
  l: number
  c: number
}

export interface Placed<T extends Placeable> extends Stamp {
  entry: T
}

const comparePlaced = (a: Placed<Placeable>, b: Placed<Placeable>): number =>
  a.l - b.l || a.c - b.c || a.entry.writer - b.entry.writer || a.entry.n - b.entry.n

/** Keeps entries in order as they come; most come last and cost one comparison. */
export class Order<T extends Placeable> {
  readonly #logs = new Map<Writer, Map<number, T>>()
  readonly #stamps = new Map<Writer, StampLog>()
  /** Largest n of each writer that some placed entry has seen. */
  readonly #referred = new Map<Writer, number>()
  /** Largest n of each writer that is here. */
  readonly #last = new Map<Writer, number>()
  #placed: Placed<T>[] = []
  #stale = false
  #circular = false
  #turns = 0

  /** Counts how often entries that had their places may have got others. */
  get turns(): number {
    if (this.#stale) this.#derive()
    return this.#turns
  }

  /** Whether entries claim to have seen each other, which no honest device writes. */
  get circular(): boolean {
    if (this.#stale) this.#derive()
    return this.#circular
  }

  /** Whether `a` stands before `b`; false when one of them is not here. */
  isBefore(a: Place, b: Place): boolean {
    if (this.#stale) this.#derive()
    const first = this.#placedAt(a)
    const second = this.#placedAt(b)
    return first !== undefined && second !== undefined && comparePlaced(first, second) < 0
  }

  add(entry: T): void {
    const log = this.#logs.get(entry.writer) ?? new Map<number, T>()
    this.#logs.set(entry.writer, log)
    const known = log.has(entry.n)
    const last = this.#last.get(entry.writer) ?? 0
    log.set(entry.n, entry)
    this.#last.set(entry.writer, Math.max(last, entry.n))
    // Something placed before depends on this one, or replaces it, or it may stand in a circle:
    // derive the whole page again.
    if (known || entry.n <= last || entry.n <= (this.#referred.get(entry.writer) ?? 0))
      this.#stale = true
    if (this.#circular) this.#stale = true
    if (!this.#stale) this.#place(entry)
  }

  /** Entries in order, oldest first. The array changes with the next `add`. */
  placed(): readonly Placed<T>[] {
    if (this.#stale) this.#derive()
    return this.#placed
  }

  #placedAt({ writer, n }: Place): Placed<T> | undefined {
    const entry = this.#logs.get(writer)?.get(n)
    const stamp = this.#stamps.get(writer)?.at(n)
    return entry && stamp && { entry, ...stamp }
  }

  #place(entry: T): void {
    const stamp = this.#stampOf(entry)
    const placed = { entry, ...stamp }
    const isAfter = (at: number): boolean =>
      at === 0 || comparePlaced(this.#placed[at - 1] as Placed<T>, placed) < 0
    let at = this.#placed.length
    const farthest = Math.max(0, at - FAR_BACK)
    while (at > farthest && !isAfter(at)) at--
    if (!isAfter(at)) {
      this.#stale = true
      return
    }
    this.#note(entry, stamp)
    this.#placed.splice(at, 0, placed)
  }

  #note(entry: T, stamp: Stamp): void {
    const stamps = this.#stamps.get(entry.writer) ?? new StampLog()
    this.#stamps.set(entry.writer, stamps)
    stamps.add(entry.n, stamp)
    for (const [writer, n] of entry.seen)
      if (n > (this.#referred.get(writer) ?? 0)) this.#referred.set(writer, n)
  }

  /** From the stamps of what comes before it; what is not here (yet) does not count. */
  #stampOf(entry: T): Stamp {
    let l = -1
    let c = 0
    const after = (writer: Writer, n: number) => {
      const stamp = this.#stamps.get(writer)?.lastUpTo(n)
      if (stamp === undefined) return
      if (stamp.l > l) [l, c] = [stamp.l, stamp.c]
      else if (stamp.l === l) c = Math.max(c, stamp.c)
    }
    after(entry.writer, entry.n - 1)
    for (const [writer, n] of entry.seen) after(writer, n)
    return entry.at > l ? { l: entry.at, c: 0 } : { l, c: c + 1 }
  }

  /** Places everything again. Costs as much as the entries and what they have seen are long. */
  #derive(): void {
    this.#stamps.clear()
    this.#referred.clear()
    this.#placed = []
    this.#turns++
    this.#stale = false
    this.#circular = false
    /** Logs whose next entry waits for one of this writer. */
    const waiting = new Map<Writer, Set<Queue<T>>>()
    const open = new Map<Writer, Queue<T>>()
    const place = (queue: Queue<T>, entry: T, stamp: Stamp) => {
      this.#note(entry, stamp)
      this.#placed.push({ entry, ...stamp })
      queue.next++
      queue.needs = undefined
      queue.pair = undefined
    }
    /** Places what can be placed of these logs, and of those that waited for it. */
    const run = (ready: Queue<T>[]) => {
      for (let queue = ready.pop(); queue !== undefined; queue = ready.pop()) {
        const before = queue.next
        for (let entry = queue.entries[queue.next]; ; entry = queue.entries[queue.next]) {
          if (entry === undefined) {
            open.delete(queue.writer)
            break
          }
          const needed = missing(queue, entry, open)
          if (needed === undefined) place(queue, entry, this.#stampOf(entry))
          else {
            waiting.set(needed, (waiting.get(needed) ?? new Set()).add(queue))
            break
          }
        }
        if (queue.next === before) continue
        for (const other of waiting.get(queue.writer) ?? []) ready.push(other)
        waiting.delete(queue.writer)
      }
    }
    for (const [writer, log] of this.#logs) {
      const entries = [...log.values()].sort((a, b) => a.n - b.n)
      open.set(writer, { writer, entries, next: 0, needs: undefined, pair: undefined })
    }
    run([...open.values()])
    while (open.size > 0) {
      // Entries that claim to have seen each other: break each circle at the same place on every
      // replica. What merely waits for a circle keeps its place after it.
      this.#circular = true
      const breaks = [...circles(open)].map((circle) => {
        const queue = circle.reduce((a, b) => (isEarlier(a, b) ? a : b))
        const entry = queue.entries[queue.next] as T
        return { queue, entry, stamp: this.#stampOf(entry) }
      })
      for (const { queue, entry, stamp } of breaks) {
        if (queue.pair !== undefined) waiting.get(queue.pair[0])?.delete(queue)
        place(queue, entry, stamp)
      }
      run(breaks.flatMap(({ queue }) => [queue, ...(waiting.get(queue.writer) ?? [])]))
    }
    this.#placed.sort(comparePlaced)
  }
}

/** Stamps of one writer's entries. Of a log with gaps finding one costs no more. */
class StampLog {
  /** Ascending. */
  readonly #numbers: number[] = []
  readonly #stamps: Stamp[] = []

  /** After all that was added before. */
  add(n: number, stamp: Stamp): void {
    this.#numbers.push(n)
    this.#stamps.push(stamp)
  }

  at(n: number): Stamp | undefined {
    const i = this.#lastUpTo(n)
    return this.#numbers[i] === n ? this.#stamps[i] : undefined
  }

  lastUpTo(n: number): Stamp | undefined {
    return this.#stamps[this.#lastUpTo(n)]
  }

  /** -1 for none. */
  #lastUpTo(n: number): number {
    let [from, to] = [0, this.#numbers.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((this.#numbers[middle] ?? 0) <= n) from = middle + 1
      else to = middle
    }
    return from - 1
  }
}

/** One writer's log while it is placed. */
interface Queue<T> {
  readonly writer: Writer
  readonly entries: readonly T[]
  /** Index of the first entry that is not placed. */
  next: number
  /** What that entry has seen and was not looked at yet; undefined before the first look. */
  needs: Iterator<readonly [Writer, number]> | undefined
  /** The pair that it waits for. */
  pair: readonly [Writer, number] | undefined
}

/**
 * A writer of whom something that is here has to be placed before the queue's next entry. Numbers that
 * are missing, as of edits that went with their message, are waited for by nobody.
 */
const missing = <T extends Placeable>(
  queue: Queue<T>,
  entry: T,
  open: ReadonlyMap<Writer, Queue<T>>,
): Writer | undefined => {
  // What was found to be placed stays so: each pair is passed once.
  queue.needs ??= entry.seen.entries()
  for (;;) {
    queue.pair ??= next(queue.needs)
    if (queue.pair === undefined) return undefined
    const [writer, n] = queue.pair
    const other = open.get(writer)
    const following = other?.entries[other.next]?.n
    if (writer !== queue.writer && following !== undefined && following <= n) return writer
    queue.pair = undefined
  }
}

/** Each log waits for one other: the circles in which that ends. */
function* circles<T>(open: ReadonlyMap<Writer, Queue<T>>): Iterable<Queue<T>[]> {
  const walked = new Map<Queue<T>, Queue<T>>()
  for (const start of open.values()) {
    const path: Queue<T>[] = []
    let queue: Queue<T> | undefined = start
    while (queue !== undefined && !walked.has(queue)) {
      walked.set(queue, start)
      path.push(queue)
      queue = queue.pair && open.get(queue.pair[0])
    }
    if (queue !== undefined && walked.get(queue) === start) yield path.slice(path.indexOf(queue))
  }
}

const isEarlier = (a: Queue<Placeable>, b: Queue<Placeable>): boolean =>
  ((a.entries[a.next]?.at ?? 0) - (b.entries[b.next]?.at ?? 0) || a.writer - b.writer) < 0

const next = <T>(iterator: Iterator<T>): T | undefined => {
  const { value, done } = iterator.next()
  return done === true ? undefined : value
}
