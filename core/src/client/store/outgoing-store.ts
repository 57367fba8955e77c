/**
 * What the device keeps of files: messages that wait for theirs to be uploaded, and bytes by the
 * name of their content. Part of the device's database, with the same promises.
 */

import type { ChatId } from '../../base/ids.ts'
import type { Attachment } from '../../chat/attachment.ts'
import type { DraftUse } from '../model/draft-book.ts'

/** Bytes that need not be in memory; a `Blob` is one. */
export interface FileBytes {
  readonly size: number
  slice(start?: number, end?: number): FileBytes
  arrayBuffer(): Promise<ArrayBuffer>
}

export interface OutgoingFile {
  attachment: Attachment
  /** Where the server takes the rest of the bytes; null before it has been asked. */
  location: string | null
  /** The server has it on its disk, for this chat. */
  uploaded: boolean
}

/** An own message whose files are on their way. It becomes an entry when the server has them all. */
export interface OutgoingMessage {
  id: string
  chat: ChatId
  /** When it was written, ms. */
  at: number
  text: string
  /** Key of the message that it answers. */
  replyTo: string | null
  files: readonly OutgoingFile[]
  /** Why the server refused a file; null while there is hope. */
  problem: string | null
}

/** A file that no message of this person in the chat has any more: the server is to delete it. */
export interface FileDeletion {
  chat: ChatId
  hash: string
}

export interface NamedBytes {
  hash: string
  bytes: FileBytes
}

export interface OutgoingStore {
  /** Oldest first. */
  outgoing(): Promise<OutgoingMessage[]>
  /**
   * Keeps a new message with the bytes of its files, and what it leaves of the chat's draft. Rejects
   * as `append` does when that was sent already.
   */
  putOutgoing(
    message: OutgoingMessage,
    bytes: readonly NamedBytes[],
    draft?: DraftUse,
  ): Promise<void>
  /** Does nothing when the message is gone: it was sent, or given up. */
  patchOutgoing(
    id: string,
    patch: Pick<Partial<OutgoingMessage>, 'files' | 'problem'>,
  ): Promise<void>
  /** A message that is sent goes with its entry, in one transaction: see `NewRow`. */
  removeOutgoing(id: string): Promise<void>
  fileDeletions(): Promise<FileDeletion[]>
  putFileDeletions(deletions: readonly FileDeletion[]): Promise<void>
  removeFileDeletion(deletion: FileDeletion): Promise<void>
  /** Bytes with this hash. `at`, ms, is noted as their last use. */
  file(hash: string, at: number): Promise<FileBytes | undefined>
  /**
   * Keeps bytes of a message in this chat, and drops those that were not used for longest while all together are more than
   * `budget`. Those of outgoing messages stay.
   */
  putFile(chat: ChatId, file: NamedBytes, at: number, budget: number): Promise<void>
  /** Names of the files that were kept for this chat. */
  filesFor(chat: ChatId): Promise<string[]>
  removeFile(hash: string): Promise<void>
}

/** Names of the files to drop, least recently used first, so that the rest fits. */
export const surplusFiles = (
  uses: readonly { hash: string; size: number; at: number }[],
  needed: ReadonlySet<string>,
  budget: number,
): string[] => {
  let total = uses.reduce((sum, { size }) => sum + size, 0)
  const surplus: string[] = []
  for (const { hash, size } of uses.toSorted((a, b) => a.at - b.at)) {
    if (total <= budget) break
    if (needed.has(hash)) continue
    surplus.push(hash)
    total -= size
  }
  return surplus
}

/** Names of the files of these messages. */
export const filesOf = (messages: readonly OutgoingMessage[]): Set<string> =>
  new Set(messages.flatMap(({ files }) => files.map(({ attachment }) => attachment.hash)))
