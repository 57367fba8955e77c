/**
 * Order on screen: causal first, then by time. Each entry gets a hybrid logical timestamp (l, c)
 * derived from its own `at` and from what its author had seen, after Kulkarni et al. (2014); the
 * reader derives it, so that a wrong or lying clock moves only its own messages, never the date
 * shown on anybody else's, and still no answer sorts before its question. A pure function of the
 * set of entries: replicas with the same entries show the same order.
 */
import type { Writer } from '../ids/client-id.ts'
import type { Seen } from './entry.ts'

export interface Placeable {
  writer: Writer
  n: number
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

  #derive(): void {
    this.#stamps.clear()
    this.#referred.clear()
    this.#placed = []
    this.#stale = false
    const queues = [...this.#logs].map(([writer, log]) => ({
      writer,
      entries: [...log.values()].sort((a, b) => a.n - b.n),
      next: 0,
    }))
    const done = new Map<Writer, number>()
    const ready = (entry: T) =>
      [...entry.seen].every(
        ([writer, n]) =>
          writer === entry.writer ||
          (done.get(writer) ?? 0) >= Math.min(n, this.#last.get(writer) ?? 0),
      )
    let open = queues
    while (open.length > 0) {
      let progress = false
      const step = (queue: (typeof queues)[number]) => {
        const entry = queue.entries[queue.next++] as T
        const stamp = this.#stampOf(entry)
        this.#note(entry, stamp)
        this.#placed.push({ entry, ...stamp })
        done.set(queue.writer, entry.n)
        progress = true
      }
      for (const queue of open)
        while (queue.next < queue.entries.length && ready(queue.entries[queue.next] as T))
          step(queue)
      open = open.filter((queue) => queue.next < queue.entries.length)
      if (!progress && open.length > 0) {
        // Entries that claim to have seen each other, which no honest device writes: break the
        // circle at the same place on every replica.
        const first = open.reduce((a, b) => {
          const [x, y] = [a.entries[a.next] as T, b.entries[b.next] as T]
          return (x.at - y.at || x.writer - y.writer) > 0 ? b : a
        })
        step(first)
      }
    }
    this.#placed.sort(comparePlaced)
  }
}
