/** Which documents may have lost something with a part of the keys. */
import type { DocName } from '@wardline/core/base/ids'
import type { LostKeys } from './level-tables.ts'
import type { View } from './level-view.ts'

/** What the keys of documents begin with: heads, snapshots, their parts, rows. */
const KINDS = ['h', 'n', 'p', 'u'] as const

/** Those of which a key may have been in the range; most of them have lost nothing. */
export const docsAmong = async (
  view: View,
  lost: readonly LostKeys[],
): Promise<ReadonlySet<DocName>> => {
  const docs = new Set<DocName>()
  for (const { after = '', upTo } of lost) {
    for (const kind of KINDS) {
      const [first, end] = [`${kind}!`, `${kind}"`]
      if (upTo < first || after >= end) continue
      const from = after < first ? '' : nameOf(after)
      const to = upTo >= end ? '~' : nameOf(upTo)
      // The heads of these may be what is lost: their rows say which they are.
      const others = kind === 'h' ? (['n', 'u'] as const) : (['h'] as const)
      for (const other of others)
        for (const key of await view.keys({ gte: `${other}!${from}`, lt: `${other}!${to}~` }))
          docs.add(nameOf(key))
    }
  }
  return docs
}

const nameOf = (key: string): DocName => (key.slice(2).split('!')[0] ?? '') as DocName
