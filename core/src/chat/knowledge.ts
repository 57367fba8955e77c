/**
 * What the author of an entry had seen when writing it. An entry names only the newest entries
 * that no other entry names (a page's `frontier`); what their authors had seen is implied, and so
 * is what the same writer had seen before. That keeps an entry as small as a conversation is narrow,
 * where naming everything would grow with every page load of every member.
 *
 * Nobody but the author may change what is said about them, so where an entry on the way is
 * missing, or only the word of its author is left of it (a stub), the answer is "unknown".
 */
import type { Writer } from '../base/client-id.ts'
import { type Entry, type EntryId, EntryKind, entryId, type Seen } from './entry.ts'
import type { Place } from './order.ts'

/** What is asked of the page. */
export interface KnownEntries {
  /** Largest n of each writer that is here. */
  vector(): Seen
  entry(writer: Writer, n: number): Entry | undefined
  /** Whether only the stub of an entry is left. */
  isStub(id: EntryId): boolean
  /** Whether `a` stands before `b` in the order of the page. */
  isBefore(a: Place, b: Place): boolean
  /** Counts how often the order of what was there has turned. */
  turns(): number
}

/** What an entry names is mostly said by itself, or by one of so many before it. */
const NEAR = 8

export class Knowledge {
  readonly #page: KnownEntries
  /** Largest n of each writer that an entry which stays names. */
  readonly #named = new Map<Writer, number>()
  /** Pairs of which the answer is yes: nothing can change that any more. */
  readonly #had = new Set<string>()
  /** Pairs of which it is no, as long as the order of what is between them does not turn. */
  readonly #hadNot = new Set<string>()
  #turns = 0

  constructor(page: KnownEntries) {
    this.#page = page
  }

  /** An entry is in the page. */
  add({ kind, seen }: Entry): void {
    // An edit goes with the message that is taken back: nothing may be implied by it alone.
    if (kind === EntryKind.edit) return
    for (const [writer, n] of seen)
      if (n > (this.#named.get(writer) ?? 0)) this.#named.set(writer, n)
  }

  /**
   * Those of `vector` that no entry names: who has the page and names them has named everything.
   * Somebody may claim to have seen what is not there; that implies nothing.
   */
  frontier(vector: Seen): Seen {
    return new Map([...vector].filter(([writer, n]) => this.#named.get(writer) !== n))
  }

  /** Whether the author of `of` had `what` on their device; undefined when that cannot be told. */
  had(of: Place, what: Place): boolean | undefined {
    if (this.#isNear(of, what)) return true
    const key = `${entryId(of.writer, of.n)} ${entryId(what.writer, what.n)}`
    if (this.#turns !== this.#page.turns()) this.#hadNot.clear()
    this.#turns = this.#page.turns()
    if (this.#had.has(key)) return true
    if (this.#hadNot.has(key)) return false
    const answer = this.#search(of, what)
    if (answer === true) this.#had.add(key)
    if (answer === false) this.#hadNot.add(key)
    return answer
  }

  /**
   * Whether one of the last few entries of that writer names it, without a note of the answer: those
   * cost more than the look, and there would be one for each message on screen.
   */
  #isNear(of: Place, what: Place): boolean {
    for (let n = of.n; n > Math.max(0, of.n - NEAR); n--) {
      const named = this.#page.entry(of.writer, n)?.seen.get(what.writer)
      if (named !== undefined) return named >= what.n
    }
    return false
  }

  /** Goes from entry to entry by what they name; not past those that stand before `what`. */
  #search(of: Place, what: Place): boolean | undefined {
    let unsure = false
    /** Up to which n each writer's log was gone through. */
    const walked = new Map<Writer, number>()
    const next: Place[] = [of]
    for (let from = next.pop(); from !== undefined; from = next.pop()) {
      const { writer } = from
      if (writer === what.writer && from.n >= what.n) return true
      const last = Math.min(from.n, this.#page.vector().get(writer) ?? 0)
      if (last < from.n) unsure = true
      const stop = walked.get(writer) ?? 0
      walked.set(writer, Math.max(last, stop))
      for (let n = last; n > stop; n--) {
        const entry = this.#page.entry(writer, n)
        if (entry === undefined || this.#page.isStub(entryId(writer, n))) unsure = true
        if (entry === undefined) continue
        const named = entry.seen.get(what.writer)
        if (named !== undefined && named >= what.n) return true
        // It says how far the author had this writer then, and with it all that came before.
        if (named !== undefined || this.#page.isBefore(entry, what)) break
        for (const [other, upTo] of entry.seen) next.push({ writer: other, n: upTo })
      }
    }
    return unsure ? undefined : false
  }
}
