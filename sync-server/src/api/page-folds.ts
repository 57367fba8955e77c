import type { DocName } from '@wardline/core/base/ids'
import { Lru } from '../base/lru.ts'
import type {
  AnswerTo,
  PageQuestion,
  QuestionAbout,
  QuestionName,
} from '../folds/page-questions.ts'
import { rowsOf } from '../storage/doc-content.ts'
import type { Store } from '../storage/store.ts'
import type { Executor, Material, WorkerPool } from '../work/worker-pool.ts'

/** Pages of which is known up to where they are folded. */
const MAX_KNOWN_FOLDS = 10_000

/** Up to where a page is folded, and where. */
interface Fold {
  readonly place: Executor
  readonly era: number
  readonly head: number
}

/**
 * Pages as a reader sees them, for the callers of the HTTP interface: kept by head, so that asking
 * again costs what changed. Large ones are folded, and asked, beside the event loop.
 */
export class PageFolds {
  readonly #store: Pick<Store, 'extent' | 'read' | 'readAfter'>
  readonly #workers: WorkerPool
  #folds = new Lru<DocName, Fold>(MAX_KNOWN_FOLDS)

  constructor(
    store: Pick<Store, 'extent' | 'read' | 'readAfter' | 'onReset'>,
    workers: WorkerPool,
  ) {
    this.#store = store
    this.#workers = workers
    // After a failed write nobody knows what the store holds until it is read again.
    store.onReset(() => {
      this.#folds = new Lru(MAX_KNOWN_FOLDS)
    })
  }

  /**
   * Asks about everything in a page that is durable by now. Rejects with `StoreError`, and with
   * `WorkRefused`.
   *
   * @param who asks; everybody has their turn
   */
  async ask<N extends QuestionName>(
    who: string,
    doc: DocName,
    name: N,
    about: QuestionAbout<N>,
  ): Promise<AnswerTo<N>> {
    const { bytes, head } = await this.#store.extent(doc)
    const place = this.#workers.at(bytes)
    const question = { name, about }
    for (let fresh = false; ; fresh = true) {
      const told = await place.run(who, doc, 'ask', () =>
        this.#material(doc, place, question, fresh ? undefined : head),
      )
      if (told.kind === 'answer') return told.answer as AnswerTo<N>
      if (fresh) throw new Error(`${doc} cannot be folded`)
    }
  }

  /**
   * What the place needs so that its fold is of now.
   *
   * @param head of now; undefined to begin with all of it
   */
  async #material(
    doc: DocName,
    place: Executor,
    question: PageQuestion,
    head: number | undefined,
  ): Promise<Material<'ask'>> {
    const era = place.era(doc)
    const known = this.#folds.get(doc)
    if (head !== undefined && known?.place === place && known.era === era) {
      if (known.head >= head) return { updates: [], args: [doc, false, question] }
      const rows = await this.#store.readAfter(doc, known.head)
      if (rows !== undefined) {
        this.#folds.set(doc, { ...known, head: rows.at(-1)?.head ?? known.head })
        return { updates: rows.map(({ update }) => update), args: [doc, false, question] }
      }
    }
    const content = await this.#store.read(doc)
    this.#folds.set(doc, { place, era, head: content.head })
    return { updates: rowsOf(content).map(({ update }) => update), args: [doc, true, question] }
  }
}
