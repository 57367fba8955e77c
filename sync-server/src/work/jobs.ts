/**
 * Work that may take long, on bytes: what is done here can be done beside the event loop, in a
 * thread. Whatever a job takes and returns can be cloned.
 */
import { splitUpdate } from '@wardline/core/gate/split-update'
import * as Y from 'yjs'
import type { PageQuestion } from '../folds/page-questions.ts'
import { FoldRoom, type Told } from './fold-room.ts'

/** The updates of a document, oldest first. */
export type Updates = readonly Uint8Array[]

/** Runs with a document of the updates that lives no longer than that. */
export const withDocOf = <T>(updates: Updates, use: (doc: Y.Doc) => T): T => {
  const doc = new Y.Doc()
  try {
    // In one transaction: merging thousands of updates first takes ten times as long.
    doc.transact(() => {
      for (const update of updates) Y.applyUpdate(doc, update)
    })
    return use(doc)
  } finally {
    doc.destroy()
  }
}

/** The jobs of one place, which keeps what it has folded. */
export const openJobs = (folds = new FoldRoom()) =>
  ({
    /** Encoded Yjs state vector. */
    stateVector: (updates: Updates): Uint8Array =>
      withDocOf(updates, (doc) => Y.encodeStateVector(doc)),

    /** What a replica with this state vector lacks. Undefined for bytes that are none. */
    diff: (updates: Updates, stateVector: Uint8Array): Uint8Array | undefined =>
      isStateVector(stateVector)
        ? withDocOf(updates, (doc) => Y.encodeStateAsUpdate(doc, stateVector))
        : undefined,

    /** All of it as a snapshot; undefined when something is missing that it builds on. */
    merge: (updates: Updates): Merged | undefined =>
      withDocOf(updates, (doc) => {
        if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) return undefined
        const update = Y.encodeStateAsUpdate(doc)
        return { bytes: update.length, updates: splitUpdate(update) }
      }),

    /** Folds a page, or more of one that is kept, and answers a question about it. */
    ask: (updates: Updates, page: string, fresh: boolean, question: PageQuestion): Promise<Told> =>
      folds.ask(updates, page, fresh, question),
  }) as const

export interface Merged {
  readonly bytes: number
  readonly updates: Updates
}

export type Jobs = ReturnType<typeof openJobs>
export type JobName = keyof Jobs
export type JobArgs<N extends JobName> =
  Parameters<Jobs[N]> extends [Updates, ...infer Rest] ? Rest : never
export type JobResult<N extends JobName> = Awaited<ReturnType<Jobs[N]>>

export const runJob = async (
  jobs: Jobs,
  name: JobName,
  updates: Updates,
  args: readonly unknown[],
): Promise<unknown> => {
  const job = jobs[name] as (updates: Updates, ...args: readonly unknown[]) => unknown
  return job(updates, ...args)
}

/** Yjs reads a state vector for as long as it claims to be; this one has to be what it claims. */
const isStateVector = (bytes: Uint8Array): boolean => {
  try {
    Y.decodeStateVector(bytes)
    return true
  } catch {
    return false
  }
}
