import type { Timers } from '../base/timers.ts'

/** A connection, as far as it matters whether there is anybody at its other end. */
export interface Heard {
  /** When the program at the other end said something last, by the clock that elapses. */
  readonly heardAt: number
}

interface Unheard {
  connections: readonly Heard[]
  /** When the first message was sent to them that nobody is known to have heard. */
  readonly since: number
  /** The same of the last one. */
  latest: number
}

/**
 * Finds out which connections were dead already when a message was sent to them, as those of a
 * phone are that was put away a moment ago. A client that is alive answers: it opens what has
 * changed, or notes that it got it.
 */
export class UnheardConnections {
  readonly #timers: Timers
  readonly #ms: number
  readonly #limit: number
  readonly #unheard = new Map<string, Unheard>()
  readonly #cancels = new Set<() => void>()

  /**
   * @param ms how long an answer may take
   * @param limit keys that are watched at the same time; beyond them, connections are believed
   */
  constructor(timers: Timers, ms: number, limit: number) {
    this.#timers = timers
    this.#ms = ms
    this.#limit = limit
  }

  /** @param unanswered called with the time since when nothing was heard */
  watch(
    key: string,
    connections: readonly Heard[],
    at: number,
    unanswered: (since: number) => void,
  ): void {
    const known = this.#unheard.get(key)
    if (known !== undefined) {
      known.connections = connections
      known.latest = at
      return
    }
    if (this.#unheard.size >= this.#limit) return
    this.#unheard.set(key, { connections, since: at, latest: at })
    const cancel = this.#timers.after(this.#ms, () => {
      this.#cancels.delete(cancel)
      this.#look(key, unanswered)
    })
    this.#cancels.add(cancel)
  }

  stop(): void {
    for (const cancel of this.#cancels) cancel()
    this.#cancels.clear()
    this.#unheard.clear()
  }

  #look(key: string, unanswered: (since: number) => void): void {
    const watched = this.#unheard.get(key)
    this.#unheard.delete(key)
    if (watched === undefined) return
    const { connections, since, latest } = watched
    const heardAt = Math.max(0, ...connections.map((connection) => connection.heardAt))
    if (heardAt < since) unanswered(since)
    else if (heardAt < latest) this.watch(key, connections, latest, unanswered)
  }
}
