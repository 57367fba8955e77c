import type { Timers } from '../base/timers.ts'

export interface ByteBudgetLimits {
  /** Bytes in all. */
  readonly total: number
  /** Of them for one person. Who holds nothing may have more at once: a document is one piece. */
  readonly share: number
  /** How long who holds most may keep another waiting, ms. */
  readonly patienceMs: number
}

/** So many bytes are in memory for somebody, until they have taken them in. */
export interface Hold {
  /** Can be called twice. */
  release(): void
}

interface Held {
  readonly who: string
  readonly bytes: number
  readonly since: number
  readonly evict: () => void
}

interface Asking {
  readonly bytes: number
  readonly evict: () => void
  resolve(hold: Hold): void
}

/**
 * Memory for what is on its way to people. A person waits for what they themselves have not taken
 * in; only when all of it is held does somebody wait for others, and then whoever holds most, and
 * has for a while, loses it.
 */
export class ByteBudget {
  readonly #limits: ByteBudgetLimits
  readonly #timers: Timers
  readonly #held = new Set<Held>()
  readonly #sums = new Map<string, number>()
  /** Those who ask, in the order of their turns. */
  readonly #asking = new Map<string, Asking[]>()
  #sum = 0
  #cancel: (() => void) | undefined

  constructor(limits: ByteBudgetLimits, timers: Timers) {
    this.#limits = limits
    this.#timers = timers
  }

  /** Bytes that are held, in all or by one. */
  held(who?: string): number {
    return who === undefined ? this.#sum : (this.#sums.get(who) ?? 0)
  }

  /**
   * Resolves when there is room.
   *
   * @param evict takes what is held away from who holds it, because others wait
   */
  take(who: string, bytes: number, evict: () => void): Promise<Hold> {
    return new Promise((resolve) => {
      const own = this.#asking.get(who) ?? []
      this.#asking.set(who, own)
      own.push({ bytes, evict, resolve })
      this.#grant()
    })
  }

  /** Gives room to all who ask and for whom there is some, those with the longest wait first. */
  #grant(): void {
    let crowded = false
    for (let again = true; again && !crowded; ) {
      again = false
      for (const [who, own] of [...this.#asking]) {
        const [first] = own
        if (first === undefined || this.#isOverShare(who, first.bytes)) continue
        if (this.#sum > 0 && this.#sum + first.bytes > this.#limits.total) {
          // Nobody overtakes: a large piece would wait for ever.
          crowded = true
          break
        }
        own.shift()
        this.#asking.delete(who)
        if (own.length > 0) this.#asking.set(who, own)
        first.resolve(this.#hold(who, first))
        again = true
      }
    }
    if (crowded) this.#watch()
  }

  #isOverShare(who: string, bytes: number): boolean {
    const held = this.held(who)
    return held > 0 && held + bytes > this.#limits.share
  }

  #hold(who: string, { bytes, evict }: Asking): Hold {
    const held: Held = { who, bytes, evict, since: this.#timers.elapsed() }
    this.#held.add(held)
    this.#count(who, bytes)
    return {
      release: () => {
        if (!this.#held.delete(held)) return
        this.#count(who, -bytes)
        this.#grant()
      },
    }
  }

  #count(who: string, bytes: number): void {
    const sum = this.held(who) + bytes
    if (sum > 0) this.#sums.set(who, sum)
    else this.#sums.delete(who)
    this.#sum += bytes
  }

  /** As long as somebody waits for others. */
  #watch(): void {
    this.#cancel ??= this.#timers.after(this.#limits.patienceMs, () => {
      this.#cancel = undefined
      const since = this.#timers.elapsed() - this.#limits.patienceMs
      const old = [...this.#held].filter((held) => held.since <= since)
      const heaviest = old.reduce<Held | undefined>(
        (most, held) =>
          most === undefined || this.held(held.who) > this.held(most.who) ? held : most,
        undefined,
      )
      heaviest?.evict()
      this.#grant()
    })
  }
}
