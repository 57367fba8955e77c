/** Messages of others that were on screen since the start of this tab, as far as no receipt says it. */

import type { MemberIndex } from '../../base/client-id.ts'
import type { DocName } from '../../base/ids.ts'
import { type EntryId, entryId } from '../../chat/entry.ts'
import type { Page } from '../../chat/page.ts'
import { readReceipts } from '../../chat/read-receipts.ts'
import type { ReceiptKey } from '../../chat/receipt-key.ts'
import type { MessagePlace } from '../model/message-key.ts'

export class SeenMessages {
  readonly #seen = new Map<DocName, Set<EntryId>>()

  add(doc: DocName, { writer, n }: MessagePlace): void {
    const seen = this.#seen.get(doc) ?? new Set<EntryId>()
    this.#seen.set(doc, seen)
    seen.add(entryId(writer, n))
  }

  /** What the reader `me` can say of a page. */
  receipts(doc: DocName, page: Page, me: MemberIndex): readonly ReceiptKey[] {
    const seen = this.#seen.get(doc) ?? new Set()
    const left = new Set<EntryId>()
    const receipts = readReceipts(page, me, ({ id }) => {
      if (seen.has(id)) left.add(id)
      return seen.has(id)
    })
    // Until it is said, and stored, it was seen.
    if (left.size > 0) this.#seen.set(doc, left)
    else this.#seen.delete(doc)
    return receipts
  }
}
