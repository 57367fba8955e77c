/** What the updates of a page hold, as the fold of a page wants to know it. */
import type { MemberIndex, Writer } from '../base/client-id.ts'
import type { Authored } from './entry.ts'

/** Is told what is new. */
export interface StructSink {
  /** An entry in the log of its author. */
  entry(entry: Authored): void
  /** What a key of a member's state map is set to now; undefined for a value that is gone. */
  receipt(index: MemberIndex, key: string, value: unknown): void
  /** The same for a key of the server's. */
  mark(key: string, value: unknown): void
}

export interface PageStructs {
  /**
   * Takes in updates, and tells the sink. False, with nothing taken in, for what these structs
   * cannot read.
   */
  apply(updates: readonly Uint8Array[]): boolean
  /** Whether no update builds on something that is not here. */
  readonly isComplete: boolean
  /**
   * Whether since this was last asked something is gone from a log that the sink was told of, or that
   * an update still had.
   */
  takeErased(): boolean
  /** Tells the sink all that is here, once more. Nothing of what was deleted is kept after it. */
  tellAgain(): void
  /** What is in the log of one member, in the order of each writer. */
  entriesOf(author: MemberIndex): readonly Authored[]
  /** Whether anything was written with this writer, whoever's it is. */
  hasWriter(writer: Writer): boolean
  /** How many elements a client has put into its log, those that are deleted counted. */
  elementsOf(client: number): number
  /** Clock of a client's n-th element, deleted ones counted; undefined when there is none. */
  clockOf(client: number, n: number): number | undefined
  /** Updates that hold all that is here. */
  readonly updates: readonly Uint8Array[]
}
