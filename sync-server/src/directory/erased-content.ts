/**
 * Content that goes from documents in which the server writes, and from those that go as a whole:
 * as deletions, which every replica takes in. The bytes leave the disk when the document is
 * compacted next.
 */
import type { DocName } from '@wardline/core/base/ids'
import { SYS } from '@wardline/core/chat/lanes'
import { writeUpdate } from '@wardline/core/update/write-update'
import type * as Y from 'yjs'
import { withDoc } from '../storage/doc-content.ts'
import type { Append, Store } from '../storage/store.ts'

type Contents = Pick<Store, 'read'>
type Range = Parameters<typeof writeUpdate>[0]['deletes'][number]

/** Everything in a document, whoever wrote it; undefined when there is nothing in it. */
export const eraseAll = async (store: Contents, doc: DocName): Promise<Append | undefined> => {
  const content = await store.read(doc)
  const deletes = withDoc(content, (copy) =>
    [...copy.store.clients].flatMap(([client, structs]): Range[] => {
      const last = structs.at(-1)
      return last === undefined ? [] : [{ client, clock: 0, len: last.id.clock + last.length }]
    }),
  )
  return erasing(doc, deletes)
}

/** What the server wrote under these keys; undefined when there is none. */
export const eraseKeys = async (
  store: Contents,
  doc: DocName,
  isErased: (key: string, value: unknown) => boolean,
): Promise<Append | undefined> => {
  const content = await store.read(doc)
  const deletes = withDoc(content, (copy) => {
    const map = copy.getMap<unknown>(SYS)
    const found: Range[] = []
    for (const [key, item] of map._map) {
      if (item.deleted || !isErased(key, map.get(key))) continue
      // A key is set once; whatever stands before it under its name goes as well.
      for (let at: Y.Item | null = item; at !== null; at = at.left)
        found.push({ client: at.id.client, clock: at.id.clock, len: at.length })
    }
    return found
  })
  return erasing(doc, deletes)
}

const erasing = (doc: DocName, deletes: readonly Range[]): Append | undefined =>
  deletes.length === 0
    ? undefined
    : { doc, update: writeUpdate({ blocks: [], deletes }), erases: true }
