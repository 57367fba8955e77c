/**
 * Whether every document can be read, by the gate and by Yjs, says the same to both, and holds
 * nothing that the gate would not let its authors write.
 */
import { indexOf, type MemberIndex, SERVER_INDEX } from '@wardline/core/base/client-id'
import { type DocName, type DocRef, parseDocName } from '@wardline/core/base/ids'
import { laneOf, SYS } from '@wardline/core/chat/lanes'
import { checkUpdate } from '@wardline/core/gate/check-update'
import { GateIndex } from '@wardline/core/gate/gate-index'
import { STORED_LIMITS } from '@wardline/core/update/parse-limits'
import { parseUpdate } from '@wardline/core/update/parse-update'
import { plainOf } from '@wardline/core/update/plain-struct'
import { writeUpdate } from '@wardline/core/update/write-update'
import * as Y from 'yjs'
import { err, ok, type Result } from '../errors/result.ts'
import { rowsOf } from '../storage/doc-content.ts'
import type { LevelStore } from '../storage/level-store.ts'
import { withDocOf } from '../storage/merge.ts'
import type { Problem } from './problem.ts'

/** When something was written is not what is looked at: no time is in the future. */
const END_OF_TIME = Number.MAX_SAFE_INTEGER / 2

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
  const ref = parseDocName(doc)
  if (ref === undefined) return 'its name is none'
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
    return `the gate cannot read it: ${messageOf(error)}`
  }
  try {
    return withDocOf(updates, (read) => {
      if (read.store.pendingStructs !== null || read.store.pendingDs !== null)
        return 'something is missing that the rest builds on'
      for (const client of read.store.clients.keys())
        if (Y.getState(read.store, client) !== index.next(client))
          return `Yjs and the gate read different things from client ${client}`
      return ofServer(index) ?? ofMembers(ref, index, Y.encodeStateAsUpdate(read))
    })
  } catch (error) {
    return `Yjs cannot read it: ${messageOf(error)}`
  }
}

/** What is there in the server's name that it does not write. */
const ofServer = (index: GateIndex): string | undefined => {
  for (const { client, places } of index.describe()) {
    if (indexOf(client) !== SERVER_INDEX) continue
    const odd = places.find(({ root }) => root !== SYS && root !== null)
    if (odd !== undefined) return `the server does not write into ${odd.root}`
  }
  return undefined
}

/** What is there of its members that the gate would not take from them today. */
const ofMembers = (ref: DocRef, index: GateIndex, whole: Uint8Array): string | undefined => {
  const members = new Set(index.describe().map(({ client }) => indexOf(client)))
  members.delete(SERVER_INDEX)
  const anew = new GateIndex()
  for (const member of members) {
    const lane = laneIn(whole, member)
    const verdict = lane.ok
      ? checkUpdate(anew, lane.value, {
          doc: ref,
          lane: laneOf(ref, member),
          now: END_OF_TIME,
          limits: STORED_LIMITS,
        })
      : { kind: 'refuse' as const, code: lane.error, message: '' }
    // How much somebody may write at once says nothing of what they wrote in a month.
    if (verdict.kind === 'refuse' && verdict.code !== 'TOO_LARGE')
      return `it is not as the gate lets member ${member} write it: ${verdict.code} ${verdict.message}`.trimEnd()
    if (verdict.kind === 'accept') verdict.advance()
  }
  return undefined
}

/** All that a member wrote, in one: their devices build on each other's entries. */
const laneIn = (whole: Uint8Array, member: MemberIndex): Result<Uint8Array, string> => {
  const isOwn = (client: number): boolean => indexOf(client) === member
  const parsed = parseUpdate(whole, (client) => (isOwn(client) ? 'strict' : 'span'), STORED_LIMITS)
  if (!parsed.ok) return err(`${parsed.code} ${parsed.message}`)
  const blocks = parsed.blocks.filter(({ client }) => isOwn(client))
  return ok(
    writeUpdate({
      blocks: blocks.map(({ client, clock, structs }) => ({
        client,
        clock,
        structs: structs.map(plainOf),
      })),
      deletes: parsed.deletes.filter(({ client }) => isOwn(client)),
    }),
  )
}

const messageOf = (error: unknown): string => {
  const { message, cause } = error instanceof Error ? error : new Error(String(error))
  return cause instanceof Error ? cause.message : message
}
