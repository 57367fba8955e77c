import type { Lane } from '@wardline/core/chat/lanes'
import type { GateCode } from '@wardline/core/gate/gate-code'
import type { RecordWrite } from '../storage/store.ts'
import { StoreError } from '../storage/store-error.ts'
import type { Documents } from '../sync/documents.ts'
import type { HostedDoc, Refused, Submission, Subscriber } from '../sync/hosted-doc.ts'

/** The gate refused what was to be written, with a {@link GateCode}; nothing of it is stored. */
export class WriteRefused extends Error {
  readonly code: GateCode

  constructor(code: GateCode) {
    super(`the gate refused what this server wrote: ${code}`)
    this.code = code
  }
}

export interface OwnWrite {
  readonly documents: Documents
  readonly update: Uint8Array
  /** Are stored with it, or not at all. */
  readonly records?: readonly RecordWrite[]
  readonly lane: Lane
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * Puts an update through the gate of a document that is held and ready. Resolves when it is durable
 * and everybody has been told; rejects with `StoreError`, and what became of it is then unknown.
 * Throws {@link WriteRefused} when the gate refuses it.
 */
export const submitTo = (
  hosted: HostedDoc,
  { documents, update, records, lane, now }: OwnWrite,
): Promise<void> => {
  const verdict: { refused?: Refused | undefined } = {}
  const durable = new Promise<void>((resolve, reject) => {
    const end = (): void => void hosted.subscribers.delete(subscriber)
    const subscriber: Subscriber = {
      row() {},
      own() {},
      lost() {
        end()
        reject(new StoreError('STORE_UNAVAILABLE', 'the document was lost'))
      },
    }
    const settled = (): void => {
      end()
      resolve()
    }
    hosted.subscribers.add(subscriber)
    const store: Submission['store'] = (flight, bytes) => documents.append(flight, bytes, records)
    verdict.refused = hosted.submit({ update, lane, now, sender: subscriber, settled, store })
    if (verdict.refused !== undefined) end()
  })
  if (verdict.refused !== undefined) throw new WriteRefused(verdict.refused.code)
  return durable
}
