import type { Change, Commit } from '../storage/store.ts'

/**
 * @param durable called at once when the change is durable, before anybody is told of it; a caller
 * that needs that has to do without where it is not called
 */
export type CommitChange = (change: Change, durable?: (commit: Commit) => void) => Promise<Commit>
