import * as Y from 'yjs'

/**
 * Updates that are merged into one. Yjs takes time in squares for it: 3,000 at once took 400 ms,
 * by the hundred 8 ms.
 */
const AT_ONCE = 100

/** Few rows for a burst: a document opens faster from few. Holds the same. */
export const joinUpdates = (updates: readonly Uint8Array[]): readonly Uint8Array[] => {
  const rows: Uint8Array[] = []
  for (let from = 0; from < updates.length; from += AT_ONCE) {
    const some = updates.slice(from, from + AT_ONCE)
    rows.push(some.length === 1 ? (some[0] as Uint8Array) : Y.mergeUpdates(some))
  }
  return rows
}
