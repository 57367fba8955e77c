/** Looks at everything in a database that is open. */
import { verifyAudit } from '../storage/audit.ts'
import type { LevelStore } from '../storage/level-store.ts'
import { lookAtAccounts } from './accounts.ts'
import { lookAtChats } from './chats.ts'
import { lookAtDocuments } from './documents.ts'
import type { Problem } from './problem.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/** All but the bytes of files, whose place is for the caller to know. Rejects with `StoreError`. */
export const lookAtDatabase = async (store: LevelStore): Promise<readonly Problem[]> => {
  const unreadable = new Set<string>()
  const stop = store.onDamage(({ doc, message }) => {
    if (doc === undefined) unreadable.add(message)
  })
  const problems: Problem[] = [...(await lookAtDocuments(store))]
  for (const letter of LETTERS) await store.listRecords(letter)
  problems.push(...(await lookAtAccounts(store)), ...(await lookAtChats(store)))
  const audit = await verifyAudit(store)
  if (audit.kind === 'broken')
    problems.push({ kind: 'audit', what: `the audit trail, at line ${audit.at}` })
  for (const doc of await store.toErase())
    problems.push({ kind: 'erasing', what: `document ${doc}: not erased yet` })
  stop()
  return [...[...unreadable].map((what): Problem => ({ kind: 'disk', what })), ...problems]
}
