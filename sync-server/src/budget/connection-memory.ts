import { Few } from '../base/few.ts'
import type { ByteBudget, Hold } from './byte-budget.ts'

/** What less than this weighs is not counted: of such there are only some at a time. */
const SMALL = 64 * 1024
const NOTHING: Hold = { release() {} }

/** What is in memory for one connection. It ends with the connection. */
export class ConnectionMemory {
  readonly #budget: ByteBudget
  readonly #who: string
  readonly #evict: () => void
  readonly #holds = new Few<Hold>()
  #stopped = false

  /** @param evict closes the connection: others wait for what it holds */
  constructor(budget: ByteBudget, who: string, evict: () => void) {
    this.#budget = budget
    this.#who = who
    this.#evict = evict
  }

  /** Resolves when there is room for so many bytes. */
  async take(bytes: number): Promise<Hold> {
    if (bytes <= SMALL || this.#stopped) return NOTHING
    const held = await this.#budget.take(this.#who, bytes, this.#evict)
    const hold: Hold = {
      release: () => {
        this.#holds.delete(hold)
        held.release()
      },
    }
    if (this.#stopped) held.release()
    else this.#holds.add(hold)
    return hold
  }

  stop(): void {
    this.#stopped = true
    for (const hold of [...this.#holds]) hold.release()
  }
}
