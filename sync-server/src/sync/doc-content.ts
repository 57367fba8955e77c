/** What a document's stored content is good for besides being sent as it is. */
import * as Y from 'yjs'
import type { DocContent, Row } from '../storage/store.ts'

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
export const withDoc = <T>(content: DocContent, use: (doc: Y.Doc) => T): T => {
  const doc = new Y.Doc()
  try {
    // In one transaction: merging thousands of updates first takes ten times as long.
    doc.transact(() => {
      for (const { update } of rowsOf(content)) Y.applyUpdate(doc, update)
    })
    return use(doc)
  } finally {
    doc.destroy()
  }
}

/** Encoded Yjs state vector. */
export const stateVectorOf = (content: DocContent): Uint8Array =>
  withDoc(content, (doc) => Y.encodeStateVector(doc))

/** What a replica with this state vector lacks. Undefined for bytes that are no state vector. */
export const diffOf = (content: DocContent, stateVector: Uint8Array): Uint8Array | undefined => {
  const known = readStateVector(stateVector)
  return known && withDoc(content, (doc) => Y.encodeStateAsUpdate(doc, known))
}

/** Yjs reads a state vector for as long as it claims to be; this one has to be what it claims. */
const readStateVector = (bytes: Uint8Array): Uint8Array | undefined => {
  try {
    Y.decodeStateVector(bytes)
    return bytes
  } catch {
    return undefined
  }
}
