/** Whether every document can be read, by the gate's grammar and by Yjs, and says the same to both. */
import { type DocName, parseDocName } from '@wardline/core/base/ids'
import { GateIndex } from '@wardline/core/gate/gate-index'
import * as Y from 'yjs'
import { rowsOf } from '../storage/doc-content.ts'
import type { LevelStore } from '../storage/level-store.ts'
import { withDocOf } from '../storage/merge.ts'
import type { Problem } from './problem.ts'

export const lookAtDocuments = async (
  store: Pick<LevelStore, 'documents' | 'read'>,
): Promise<readonly Problem[]> => {
  const problems: Problem[] = []
  for (const doc of await store.documents()) {
    const why = await whatIsWrong(store, doc)
    if (why !== undefined) problems.push({ kind: 'document', what: `document ${doc}: ${why}` })
  }
  return problems
}

const whatIsWrong = async (
  store: Pick<LevelStore, 'read'>,
  doc: DocName,
): Promise<string | undefined> => {
  if (parseDocName(doc) === undefined) return 'its name is none'
  let updates: readonly Uint8Array[]
  try {
    updates = rowsOf(await store.read(doc)).map(({ update }) => update)
  } catch (error) {
    return `what is stored cannot be read: ${messageOf(error)}`
  }
  const index = new GateIndex()
  try {
    for (const update of updates) index.addStored(update)
  } catch (error) {
    return `it is not as the gate writes it: ${messageOf(error)}`
  }
  try {
    return withDocOf(updates, (read) => {
      if (read.store.pendingStructs !== null || read.store.pendingDs !== null)
        return 'something is missing that the rest builds on'
      for (const client of read.store.clients.keys())
        if (Y.getState(read.store, client) !== index.next(client))
          return `Yjs and the gate read different things from client ${client}`
      return undefined
    })
  } catch (error) {
    return `Yjs cannot read it: ${messageOf(error)}`
  }
}

const messageOf = (error: unknown): string => {
  const { message, cause } = error instanceof Error ? error : new Error(String(error))
  return cause instanceof Error ? cause.message : message
}
