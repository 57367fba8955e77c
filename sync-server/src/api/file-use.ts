/** Which messages have a file: whether it may go is for the server to say, with all months at hand. */
import { openBody } from '@wardline/core/chat/body'
import type { Message } from '@wardline/core/chat/page'
import { type ChatId, pageDoc } from '@wardline/core/ids/ids'
import type { Directory } from '../directory/directory.ts'
import type { Store } from '../storage/store.ts'
import { rowsOf } from '../sync/doc-content.ts'
import type { PageFolds } from './page-folds.ts'

/** Hashes of the files of a message, with those of its earlier versions; none of what was taken back. */
export const filesOf = async ({ body, history }: Message): Promise<ReadonlySet<string>> => {
  const hashes = new Set<string>()
  for (const sealed of body === null ? history : [body, ...history]) {
    const opened = await openBody(sealed)
    if (opened.kind !== 'content') continue
    for (const { hash } of opened.content.attachments ?? []) hashes.add(hash)
  }
  return hashes
}

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
   * Whether a message of the chat that was not taken back has the file, whoever wrote it. A body
   * that the server cannot open counts as one without files. Rejects with `StoreError`.
   */
  async has(id: ChatId, hash: string): Promise<boolean> {
    const { directory, folds } = this.#options
    const { pages = [] } = (await directory.chatOf(id)) ?? {}
    for (const month of pages.toReversed()) {
      const doc = pageDoc(id, month)
      // Most months never had it: their bytes say so for a hundredth of what folding them costs.
      if (!(await this.#occurs(doc, hash))) continue
      const page = await folds.page(doc)
      for (const message of page.messages()) if ((await filesOf(message)).has(hash)) return true
    }
    return false
  }

  async #occurs(doc: ReturnType<typeof pageDoc>, hash: string): Promise<boolean> {
    const rows = rowsOf(await this.#options.store.read(doc))
    return rows.some(({ update }) => bufferOf(update).includes(hash))
  }
}

/** The same bytes, not a copy. */
const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)
