/**
 * Work that may take long, on bytes: what is done here can be done beside the event loop, in a
 * thread. Whatever a job takes and returns can be cloned.
 */
import * as Y from 'yjs'
import type { PageQuestion } from '../folds/page-questions.ts'
import { mergeUpdates, type Updates, withDocOf } from '../storage/merge.ts'
import { type FoldAnswer, FoldCache } from './fold-cache.ts'

/** The jobs of one place, which keeps what it has folded. */
export const openJobs = (folds = new FoldCache()) =>
  ({
    /** Encoded Yjs state vector. */
    stateVector: (updates: Updates): Uint8Array =>
      withDocOf(updates, (doc) => Y.encodeStateVector(doc)),

    /** What a replica with this state vector lacks. Undefined for bytes that are none. */
    diff: (updates: Updates, stateVector: Uint8Array): Uint8Array | undefined =>
      isStateVector(stateVector)
        ? withDocOf(updates, (doc) => Y.encodeStateAsUpdate(doc, stateVector))
        : undefined,

    merge: mergeUpdates,

    /** Folds a page, or more of one that is kept, and answers a question about it. */
    ask: (
      updates: Updates,
      page: string,
      fresh: boolean,
      question: PageQuestion,
    ): Promise<FoldAnswer> => folds.ask(updates, page, fresh, question),
  }) as const

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
