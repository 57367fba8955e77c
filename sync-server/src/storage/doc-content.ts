/** What a document's stored content is good for besides being sent as it is. */
import type * as Y from 'yjs'
import { withDocOf } from './merge.ts'
import type { DocContent, Row } from './store.ts'

/** Most bytes of updates in one `rows` frame, unless a single update is larger. */
export const CHUNK_BYTES = 256 * 1024

/**
 * The updates of a document, oldest first. The last part of the snapshot counts as the row of its
 * head; the ones before it complete nothing, and count as rows of head 0.
 */
export const rowsOf = ({ snapshot, tail }: DocContent): readonly Row[] => {
  if (snapshot === null) return tail
  const { head, updates } = snapshot
  const last = updates.length - 1
  return [...updates.map((update, i) => ({ head: i === last ? head : 0, update })), ...tail]
}

/** Bytes of all updates. */
export const sizeOf = (content: DocContent): number =>
  rowsOf(content).reduce((sum, { update }) => sum + update.length, 0)

/** Cuts rows into runs of at most {@link CHUNK_BYTES}. */
export const chunksOf = (rows: readonly Row[]): Row[][] => {
  const chunks: Row[][] = []
  let chunk: Row[] = []
  let bytes = 0
  for (const row of rows) {
    if (chunk.length > 0 && bytes + row.update.length > CHUNK_BYTES) {
      chunks.push(chunk)
      chunk = []
      bytes = 0
    }
    chunk.push(row)
    bytes += row.update.length
  }
  if (chunk.length > 0) chunks.push(chunk)
  return chunks
}

/** Runs with a document of the content that lives no longer than that. */
export const withDoc = <T>(content: DocContent, use: (doc: Y.Doc) => T): T =>
  withDocOf(
    rowsOf(content).map(({ update }) => update),
    use,
  )
