/**
 * The sessions whose access tokens are good, in memory: tokens are checked without a look into the
 * store. It is what is there, not what has ended, so that nothing has to be remembered of an end,
 * by whatever clock, over whatever restart.
 */

/** Ends that are known before their beginnings. */
const MOST_EARLY = 1_000

export class LiveSessions {
  #sessions = new Set<string>()
  /** Ended before this knew that they had begun: both were stored in one write. */
  readonly #early = new Set<string>()
  /** What changes while all are read anew. */
  #meanwhile: { readonly begun: Set<string>; readonly ended: Set<string> } | undefined
  /** Not sessions, but good in the same way. */
  readonly #others = new Set<string>()

  get size(): number {
    return this.#sessions.size
  }

  has(id: string): boolean {
    return this.#sessions.has(id) || this.#others.has(id)
  }

  /** It is durable that it has begun. */
  begin(id: string): void {
    if (this.#early.delete(id)) return
    this.#sessions.add(id)
    this.#meanwhile?.begun.add(id)
  }

  /** It is durable that it has ended. */
  end(id: string): void {
    this.#meanwhile?.ended.add(id)
    if (this.#sessions.delete(id)) return
    this.#early.add(id)
    for (const oldest of this.#early) {
      if (this.#early.size <= MOST_EARLY) break
      this.#early.delete(oldest)
    }
  }

  /** Tokens of something else than a session, as of an API token's id, are good from now on. */
  admit(id: string): void {
    this.#others.add(id)
  }

  dismiss(id: string): void {
    this.#others.delete(id)
  }

  /** Takes what is stored in the place of what it knew. Until then it goes by what it knew. */
  async load(read: () => Promise<readonly string[]>): Promise<void> {
    const meanwhile = { begun: new Set<string>(), ended: new Set<string>() }
    this.#meanwhile = meanwhile
    try {
      const stored = await read()
      // The one that began last knows best.
      if (this.#meanwhile !== meanwhile) return
      const next = new Set([...stored, ...meanwhile.begun])
      for (const id of meanwhile.ended) next.delete(id)
      this.#sessions = next
    } finally {
      if (this.#meanwhile === meanwhile) this.#meanwhile = undefined
    }
  }
}
