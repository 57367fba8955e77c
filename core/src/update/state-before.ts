/** A document as it was before some of its structs. */
import * as Y from 'yjs'

/**
 * The update of a document without what these clients wrote from their clock on. What was deleted
 * stays deleted.
 */
export const stateBefore = (update: Uint8Array, ends: ReadonlyMap<number, number>): Uint8Array => {
  const doc = new Y.Doc({ gc: false })
  Y.applyUpdate(doc, update)
  const { ds, sv } = Y.snapshot(doc)
  const clocks = new Map(sv)
  for (const [client, end] of ends) clocks.set(client, Math.min(end, clocks.get(client) ?? 0))
  const before = Y.createDocFromSnapshot(doc, new Y.Snapshot(ds, clocks))
  return Y.encodeStateAsUpdate(before)
}

/** First clock that each client wrote in these updates. */
export const firstClocks = (updates: readonly Uint8Array[]): Map<number, number> => {
  const firsts = new Map<number, number>()
  for (const update of updates)
    for (const [client, clock] of Y.parseUpdateMeta(update).from)
      firsts.set(client, Math.min(clock, firsts.get(client) ?? clock))
  return firsts
}
