/**
 * What people and programs do that changes nothing and yet has to be answered for: downloads, use of
 * the HTTP interface, and what was refused. The same again of one session is one fact a day.
 */
import { Lru } from '../base/lru.ts'
import type { AuditLine } from '../storage/audit.ts'
import type { Store } from '../storage/store.ts'

/** Facts that are remembered; of a forgotten one another line may come. */
const MAX_FACTS = 100_000

export interface UsageOptions {
  readonly store: Pick<Store, 'commit'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

export class Usage {
  readonly #options: UsageOptions
  readonly #known = new Lru<string, true>(MAX_FACTS)

  constructor(options: UsageOptions) {
    this.#options = options
  }

  /** Writes the line soon, unless it was today for this session. */
  note(session: string, line: Omit<AuditLine, 'at'>): void {
    const { store, now, onError } = this.#options
    const at = now()
    const day = new Date(at).toISOString().slice(0, 10)
    const fact = JSON.stringify([day, session, line])
    if (this.#known.get(fact) !== undefined) return
    this.#known.set(fact, true)
    store.commit({ audit: [{ at, ...line }] }).catch((error: unknown) => {
      this.#known.delete(fact)
      onError(error)
    })
  }
}
