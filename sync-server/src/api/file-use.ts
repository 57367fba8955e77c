/** Which messages have a file: whether it may go is for the server to say, with all months at hand. */

import { type ChatId, type DocName, pageDoc } from '@wardline/core/base/ids'
import type { Directory } from '../directory/directory.ts'
import { rowsOf } from '../storage/doc-content.ts'
import type { Store } from '../storage/store.ts'
import { SERVER } from '../work/worker-pool.ts'
import type { PageFolds } from './page-folds.ts'

/** So many files are looked for by their names. */
const FEW = 8

export interface FileUseOptions {
  readonly store: Pick<Store, 'read'>
  readonly directory: Pick<Directory, 'chatOf'>
  readonly folds: PageFolds
}

export class FileUse {
  readonly #options: FileUseOptions

  constructor(options: FileUseOptions) {
    this.#options = options
  }

  /**
   * Which of these files messages of the chat have that were not taken back, whoever wrote them. A
   * body that the server cannot open counts as one without files. Goes through the chat once,
   * however many are asked for: a member can have any number. Rejects with `StoreError`.
   */
  async which(id: ChatId, hashes: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const { directory, folds } = this.#options
    const { pages = [] } = (await directory.chatOf(id)) ?? {}
    const found = new Set<string>()
    for (const month of pages.toReversed()) {
      const doc = pageDoc(id, month)
      // Most months never had them: their bytes say so for a hundredth of what folding them costs.
      if (!(await this.#occur(doc, hashes))) continue
      for (const hash of await folds.ask(SERVER, doc, 'files', hashes)) found.add(hash)
      if (found.size === hashes.size) return found
    }
    return found
  }

  async #occur(doc: DocName, hashes: ReadonlySet<string>): Promise<boolean> {
    const texts = hashes.size > FEW ? ['"attachments"'] : [...hashes]
    const rows = rowsOf(await this.#options.store.read(doc))
    return rows.some(({ update }) => texts.some((text) => bufferOf(update).includes(text)))
  }
}

/** The same bytes, not a copy. */
const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)
