import { Page } from '@wardline/core/chat/page'
import { Lru } from '../base/lru.ts'
import { answerAbout, type PageQuestion } from '../folds/page-questions.ts'
import type { Updates } from '../storage/merge.ts'

/**
 * Bytes of stored updates whose folds are kept, besides the last one: a fold takes ten times as
 * much, and sixty times where the entries are as small as they can be.
 */
const MAX_FOLDED_BYTES = 4 * 1024 * 1024

interface Fold {
  readonly page: Page
  bytes: number
}

export type FoldAnswer =
  | { readonly kind: 'answer'; readonly answer: unknown }
  /** What these updates follow is not there: give it all of the page. */
  | { readonly kind: 'missing' }

/** Pages that are kept folded where they are asked about; those used last stay. */
export class FoldCache {
  readonly #folds: Lru<string, Fold>

  constructor(limit = MAX_FOLDED_BYTES) {
    this.#folds = new Lru(limit, ({ bytes }) => bytes)
  }

  /** @param fresh the updates are all of the page, and not what comes after what is kept */
  async ask(
    updates: Updates,
    name: string,
    fresh: boolean,
    question: PageQuestion,
  ): Promise<FoldAnswer> {
    const fold = fresh ? { page: new Page(), bytes: 0 } : this.#folds.get(name)
    if (fold === undefined) return { kind: 'missing' }
    if (updates.length > 0 && !fold.page.apply(updates) && !fresh) {
      this.#folds.delete(name)
      return { kind: 'missing' }
    }
    this.#folds.delete(name)
    for (const { length } of updates) fold.bytes += length
    this.#folds.set(name, fold)
    return { kind: 'answer', answer: await answerAbout(fold.page, question) }
  }
}
