/**
 * Hands back to the server what it once said of the person's groups, before anything else is given
 * to it again: whom it lets read what follows depends on that.
 */
import { lostStatements, type SealedStatement } from '../../chat/group-statement.ts'
import { Backoff } from '../../time/backoff.ts'
import type { RecallGroup, Timers } from '../model/ports.ts'

/** Waits after the server could not be reached, ms. */
const WAITS = { first: 2_000, longest: 60_000 }

type Entries = Parameters<typeof lostStatements>[0]

export class GroupRecall {
  readonly #recall: RecallGroup | undefined
  readonly #timers: Timers
  readonly #backoff = new Backoff(WAITS)

  constructor(recall: RecallGroup | undefined, timers: Timers) {
    this.#recall = recall
    this.#timers = timers
  }

  /**
   * Resolves when the server has judged all of it, or when it is not wanted any more.
   *
   * @param local the server's part of the person's document, as it is here, and as it is there
   */
  async handBack(local: Entries, known: Entries, wanted: () => boolean): Promise<void> {
    if (this.#recall === undefined) return
    for (const each of lostStatements(local, known)) await this.#hand(each, this.#recall, wanted)
  }

  async #hand(each: SealedStatement, recall: RecallGroup, wanted: () => boolean): Promise<void> {
    while (wanted()) {
      if (await recall(each)) return this.#backoff.reset()
      await new Promise<void>((resolve) => void this.#timers.after(this.#backoff.next(), resolve))
    }
  }
}
