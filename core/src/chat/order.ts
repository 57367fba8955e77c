/**
 * Order on screen: causal first, then by time. Each entry gets a hybrid logical timestamp (l, c)
 * derived from its own `at` and from what its author had seen, after Kulkarni et al. (2014); the
 * reader derives it, so that a wrong or lying clock moves only its own messages, never the date
 * shown on anybody else's, and still no answer sorts before its question. A pure function of the
 * set of entries: replicas with the same entries show the same order.
 */
import type { Writer } from '../ids/client-id.ts'
import type { Seen } from './entry.ts'

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

export const comparePlaced = (a: Placed<Placeable>, b: Placed<Placeable>): number =>
  a.l - b.l || a.c - b.c || a.entry.writer - b.entry.writer || a.entry.n - b.entry.n

/** Keeps entries in order as they come; most come last and cost one comparison. */
export class Order<T extends Placeable> {
  readonly #logs = new Map<Writer, Map<number, T>>()
  readonly #stamps = new Map<Writer, Map<number, Stamp>>()
  /** Largest n of each writer that some placed entry has seen. */
  readonly #referred = new Map<Writer, number>()
  /** Largest n of each writer that is here. */
  readonly #last = new Map<Writer, number>()
  #placed: Placed<T>[] = []
  #stale = false
  #circular = false

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
    // Something placed before depends on this one, or replaces it: derive the whole page again.
    if (known || entry.n <= last || entry.n <= (this.#referred.get(entry.writer) ?? 0))
      this.#stale = true
    if (!this.#stale) this.#place(entry)
  }

  /** Entries in order, oldest first. The array changes with the next `add`. */
  placed(): readonly Placed<T>[] {
    if (this.#stale) this.#derive()
    return this.#placed
  }

  #placedAt({ writer, n }: Place): Placed<T> | undefined {
    const entry = this.#logs.get(writer)?.get(n)
    const stamp = this.#stamps.get(writer)?.get(n)
    return entry && stamp && { entry, ...stamp }
  }

  #place(entry: T): void {
    const stamp = this.#stampOf(entry)
    this.#note(entry, stamp)
    const placed = { entry, ...stamp }
    let at = this.#placed.length
    while (at > 0 && comparePlaced(this.#placed[at - 1] as Placed<T>, placed) > 0) at--
    this.#placed.splice(at, 0, placed)
  }

  #note(entry: T, stamp: Stamp): void {
    const stamps = this.#stamps.get(entry.writer) ?? new Map<number, Stamp>()
    this.#stamps.set(entry.writer, stamps)
    stamps.set(entry.n, stamp)
    for (const [writer, n] of entry.seen)
      if (n > (this.#referred.get(writer) ?? 0)) this.#referred.set(writer, n)
  }

  /** From the stamps of what comes before it; what is not here (yet) does not count. */
  #stampOf(entry: T): Stamp {
    let l = -1
    let c = 0
    const after = (writer: Writer, n: number) => {
      const stamp = this.#lastStampUpTo(writer, n)
      if (stamp === undefined) return
      if (stamp.l > l) [l, c] = [stamp.l, stamp.c]
      else if (stamp.l === l) c = Math.max(c, stamp.c)
    }
    after(entry.writer, entry.n - 1)
    for (const [writer, n] of entry.seen) after(writer, n)
    return entry.at > l ? { l: entry.at, c: 0 } : { l, c: c + 1 }
  }

  #lastStampUpTo(writer: Writer, n: number): Stamp | undefined {
    const stamps = this.#stamps.get(writer)
    if (stamps === undefined) return undefined
    for (let i = Math.min(n, this.#last.get(writer) ?? 0); i > 0; i--) {
      const stamp = stamps.get(i)
      if (stamp !== undefined) return stamp
    }
    return undefined
  }

  /** Places everything again. Costs as much as the entries and what they have seen are long. */
  #derive(): void {
    this.#stamps.clear()
    this.#referred.clear()
    this.#placed = []
    this.#stale = false
    this.#circular = false
    const done = new Map<Writer, number>()
    /** Logs whose next entry waits for one of this writer. */
    const waiting = new Map<Writer, Set<Queue<T>>>()
    const open = new Set<Queue<T>>()
    const place = (queue: Queue<T>, entry: T) => {
      const stamp = this.#stampOf(entry)
      this.#note(entry, stamp)
      this.#placed.push({ entry, ...stamp })
      done.set(queue.writer, entry.n)
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
            open.delete(queue)
            break
          }
          const needed = this.#missing(queue, entry, done)
          if (needed === undefined) place(queue, entry)
          else {
            waiting.set(needed, (waiting.get(needed) ?? new Set()).add(queue))
            break
          }
        }
        if (queue.next === before) continue
        ready.push(...(waiting.get(queue.writer) ?? []))
        waiting.delete(queue.writer)
      }
    }
    for (const [writer, log] of this.#logs) {
      const entries = [...log.values()].sort((a, b) => a.n - b.n)
      open.add({ writer, entries, next: 0, needs: undefined, pair: undefined })
    }
    run([...open])
    while (open.size > 0) {
      // Entries that claim to have seen each other: break the circle at the same place on every
      // replica.
      this.#circular = true
      const [entry, queue] = [...open]
        .map((queue) => [queue.entries[queue.next] as T, queue] as const)
        .reduce((a, b) => ((a[0].at - b[0].at || a[0].writer - b[0].writer) > 0 ? b : a))
      for (const others of waiting.values()) others.delete(queue)
      place(queue, entry)
      run([queue, ...(waiting.get(queue.writer) ?? [])])
    }
    this.#placed.sort(comparePlaced)
  }

  /** A writer of whom something has to be placed before the queue's next entry. */
  #missing(queue: Queue<T>, entry: T, done: ReadonlyMap<Writer, number>): Writer | undefined {
    // What was found to be placed stays so: each pair is passed once.
    queue.needs ??= entry.seen.entries()
    for (;;) {
      queue.pair ??= next(queue.needs)
      if (queue.pair === undefined) return undefined
      const [writer, n] = queue.pair
      const known = Math.min(n, this.#last.get(writer) ?? 0)
      if (writer !== queue.writer && (done.get(writer) ?? 0) < known) return writer
      queue.pair = undefined
    }
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

const next = <T>(iterator: Iterator<T>): T | undefined => {
  const { value, done } = iterator.next()
  return done === true ? undefined : value
}
