/**
 * Gives a document of the database what another copy of it has: of each member what they wrote, by
 * the same gate as if a device of theirs had sent it. Nothing is replaced, and nothing goes.
 */
import { indexOf, type MemberIndex, SERVER_INDEX } from '@wardline/core/base/client-id'
import { type DocName, type DocRef, docNameOf } from '@wardline/core/base/ids'
import { laneOf } from '@wardline/core/chat/lanes'
import { checkUpdate } from '@wardline/core/gate/check-update'
import { GateIndex } from '@wardline/core/gate/gate-index'
import { ownUpdates } from '@wardline/core/update/own-updates'
import * as Y from 'yjs'
import { rowsOf } from '../storage/doc-content.ts'
import { docKey } from '../storage/level-layout.ts'
import { withDocOf } from '../storage/merge.ts'
import { damaged } from '../storage/seal.ts'
import type { Append, Store } from '../storage/store.ts'
import { arrivalsOf } from './arrivals-of.ts'
import { type Contents, contentsOf, countMissing } from './contents.ts'

export interface GivenDoc {
  readonly ref: DocRef
  /** All of it, as one update. */
  readonly update: Uint8Array
  /** Those who have, or had, a lane in it here. */
  readonly lanes: readonly MemberIndex[]
}

export interface GivenBack {
  /** Members of whom something was new. */
  readonly wrote: readonly MemberIndex[]
  /** What is not in the database after it, in lines. */
  readonly problems: readonly string[]
}

/** Rows of one commit together, bytes; a single one may be larger. */
const COMMIT_BYTES = 8 * 1024 * 1024

/**
 * Rejects with `StoreError`.
 *
 * @param now ms since 1970
 * @param begin called before the first row is stored, if there is any
 */
export const giveBack = async (
  store: Store,
  { ref, update, lanes }: GivenDoc,
  now: number,
  begin: () => Promise<void>,
): Promise<GivenBack> => {
  const doc = docNameOf(ref)
  const index = await indexOfDoc(store, doc)
  const appends: Append[] = []
  const wrote: MemberIndex[] = []
  const problems: string[] = []
  const refused = (what: string): void => void problems.push(`${doc}: ${what}`)

  const marks = ref.kind === 'page' ? arrivalsOf(update, index) : undefined
  if (marks === 'refused') refused('something in the name of the server')
  else if (marks !== undefined) {
    index.addStored(marks)
    appends.push({ doc, update: marks })
  }
  for (const member of membersIn(update)) {
    if (!lanes.includes(member)) {
      refused(`there is no member ${member} here`)
      continue
    }
    for (const part of ownUpdates(update, member)) {
      const verdict = checkUpdate(index, part, { doc: ref, lane: laneOf(ref, member), now })
      if (verdict.kind === 'refuse') {
        refused(`of member ${member}: ${verdict.code} ${verdict.message}`.trimEnd())
        break
      }
      if (verdict.kind === 'known') continue
      verdict.advance()
      appends.push({ doc, update: verdict.update, erases: verdict.erases })
      if (!wrote.includes(member)) wrote.push(member)
    }
  }
  if (appends.length > 0) await begin()
  for (const batch of batches(appends)) await store.commit({ appends: batch })
  if (problems.length === 0) problems.push(...(await lacking(store, doc, update, ref)))
  return { wrote, problems }
}

/** Reads the document again, and says what of the given one is not in it. */
const lacking = async (
  store: Store,
  doc: DocName,
  update: Uint8Array,
  ref: DocRef,
): Promise<readonly string[]> => {
  const updates = rowsOf(await store.read(doc)).map(({ update: row }) => row)
  const there = contentsOf(withDocOf(updates, Y.encodeStateAsUpdate)) ?? new Map()
  // Elsewhere than in a page the server makes its own word of its records.
  const given = [...(contentsOf(update) ?? [])].filter(
    ([client]) => ref.kind === 'page' || indexOf(client) !== SERVER_INDEX,
  )
  const missing = countMissing(new Map(given) satisfies Contents, there)
  return missing === 0 ? [] : [`${doc}: ${missing} values are not as in the folder`]
}

const indexOfDoc = async (store: Store, doc: DocName): Promise<GateIndex> => {
  const index = new GateIndex()
  const content = await store.read(doc)
  try {
    for (const { update } of rowsOf(content)) index.addStored(update)
  } catch (cause) {
    throw damaged(docKey(doc), cause)
  }
  return index
}

const membersIn = (update: Uint8Array): readonly MemberIndex[] => {
  const clients = [...(contentsOf(update)?.keys() ?? [])]
  const members = clients.map(indexOf).filter((index) => index !== SERVER_INDEX)
  return [...new Set(members)].sort((a, b) => a - b)
}

const batches = (appends: readonly Append[]): Append[][] => {
  const all: Append[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const append of appends) {
    const size = append.update.length
    if (bytes + size > COMMIT_BYTES) {
      all.push([])
      bytes = 0
    }
    all.at(-1)?.push(append)
    bytes += size
  }
  return all
}
