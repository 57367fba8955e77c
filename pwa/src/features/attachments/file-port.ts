/** What files of a conversation need of the application. */
import type { Attachment } from '@wardline/core/chat/attachment'
import type { WriteOutcome } from '@wardline/core/client/conversation/write-outcome'
import type { MessageView } from '@wardline/core/client/model/views'
import { createContext } from 'react'

export interface ReadyFile {
  attachment: Attachment
  bytes: Blob
}

export type OpenedFile =
  | { kind: 'here'; blob: Blob }
  /** No network, no server. */
  | { kind: 'unreachable' }
  /** The server does not have it any more. */
  | { kind: 'gone' }
  /** What the server has is damaged; a device that has it gives it back. */
  | { kind: 'damaged' }

export interface FilePort {
  /** `stored` when message and files are on this device. Never rejects. */
  send: (
    text: string,
    files: readonly ReadyFile[],
    replyTo?: MessageView['key'],
  ) => Promise<WriteOutcome>
  /** Only from this device. Never rejects. */
  peek: (attachment: Attachment) => Promise<Blob | undefined>
  /** From wherever it is. Never rejects. */
  open: (attachment: Attachment, progress: (received: number) => void) => Promise<OpenedFile>
  /** Of a message that is on its way. */
  cancel: (key: MessageView['key']) => void
  retry: (key: MessageView['key']) => void
}

export const FilePortContext = createContext<FilePort | null>(null)
