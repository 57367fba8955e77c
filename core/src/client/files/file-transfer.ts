/** How bytes of files get to the server and from it: a port, for core does no I/O. */

import type { ChatId } from '../../base/ids.ts'
import type { Attachment } from '../../chat/attachment.ts'
import type { FileBytes } from '../store/outgoing-store.ts'

export interface UploadJob {
  chat: ChatId
  attachment: Attachment
  bytes: FileBytes
  /** Where an earlier attempt got to; null for none. */
  location: string | null
  /** It is to make up for what the server has lost, and for nothing else. */
  returns?: boolean
  /** The server takes the file at this location, after an interruption as well. */
  begun(location: string): void
  /** Bytes that are there. */
  progress(sent: number): void
  /** Aborted: stop here; what is there may stay. */
  signal: AbortSignal
}

/** A code of the server's error catalogue, or of this device, and what it means for the person. */
export interface Refusal {
  kind: 'refused'
  code: string
}

export type UploadOutcome = { kind: 'done' } | { kind: 'unreachable' } | Refusal
export type DeleteOutcome = { kind: 'done' } | { kind: 'unreachable' }
export type DownloadOutcome =
  | { kind: 'done'; bytes: FileBytes }
  | { kind: 'unreachable' }
  /** The server does not have it (any more). */
  | { kind: 'gone' }
  /** What the server has, or what came, is not what it was; a device that has it may give it back. */
  | { kind: 'damaged' }

/** A file of a chat of which the server has lost the bytes. */
export type LostFile = Pick<Attachment, 'hash' | 'name' | 'type' | 'size'> & { chat: ChatId }

/** What the port needs of an AbortSignal. */
export interface AbortSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
}

/** No method rejects. */
export interface FileTransfer {
  /** Resolves when the server has the file on its disk. */
  upload(job: UploadJob): Promise<UploadOutcome>
  /** Gives up an upload that has begun, as far as the server can be reached. */
  discard(location: string): Promise<void>
  /** No message of this person in the chat has the file any more. */
  delete(chat: ChatId, hash: string): Promise<DeleteOutcome>
  /** `size`: bytes that the file has, as far as its sender says. One with more is as good as gone. */
  download(
    chat: ChatId,
    hash: string,
    size: number,
    progress: (received: number) => void,
    signal?: AbortSignal,
  ): Promise<DownloadOutcome>
  /** Files of the person's chats that the server has lost; none when it cannot be asked. */
  lost(): Promise<readonly LostFile[]>
  /** SHA-256 in hex; '' for bytes that cannot be read. */
  hashOf(bytes: FileBytes): Promise<string>
}
