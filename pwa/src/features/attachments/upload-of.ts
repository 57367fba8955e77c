/** How one file of a message that is on its way stands. */
import type { Attachment } from '@wardline/core/chat/attachment'
import type { MessageView } from '@wardline/core/client/model/views'

export type Upload =
  /** There, or not a file on its way at all. */
  { kind: 'none' } | { kind: 'waiting' } | { kind: 'uploading'; share: number } | { kind: 'failed' }

export const uploadOf = ({ transfer }: MessageView, { hash, size }: Attachment): Upload => {
  if (transfer === undefined || transfer.uploaded.includes(hash)) return { kind: 'none' }
  if (transfer.kind === 'failed') return { kind: 'failed' }
  if (transfer.kind !== 'uploading' || transfer.hash !== hash) return { kind: 'waiting' }
  return { kind: 'uploading', share: size === 0 ? 0 : transfer.sent / size }
}

const reasons: Readonly<Record<string, string>> = {
  'file-too-large': 'The file is larger than 100 MB.',
  'file-type-refused': 'Files of this type cannot be sent.',
  'file-damaged': 'The file was damaged on the way.',
  'file-lost': 'The file is not on this device any more.',
  'quota-full':
    'There is no more room for files. Delete some that are not needed, or ask the clinic for room.',
  'not-found': 'You are not in this chat any more.',
  'not-member': 'You are not in this chat any more.',
  'too-long': 'The words are too long for one message. Copy them, and send them in parts.',
}

export const reasonText = (code: string): string => reasons[code] ?? 'The server refused the file.'
