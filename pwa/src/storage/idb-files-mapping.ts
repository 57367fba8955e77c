/** Reads what lies in the device's database of files. What cannot be read counts as absent. */

import { parseChatId } from '@wardline/core/base/ids'
import { type Attachment, readAttachment } from '@wardline/core/chat/attachment'
import type {
  FileBytes,
  FileDeletion,
  OutgoingFile,
  OutgoingMessage,
} from '@wardline/core/client/store/outgoing-store'

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const number = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : 0

const readFile = (value: unknown): OutgoingFile | undefined => {
  const { attachment, location, uploaded } = fieldsOf(value)
  const read: Attachment | undefined = readAttachment(attachment)
  return read && { attachment: read, location: textOrNull(location), uploaded: uploaded === true }
}

export const readOutgoing = (value: unknown): OutgoingMessage | undefined => {
  const fields = fieldsOf(value)
  const chat = parseChatId(text(fields.chat))
  const files = Array.isArray(fields.files) ? fields.files.map(readFile) : []
  const read = files.filter((file) => file !== undefined)
  if (chat === undefined || read.length !== files.length) return undefined
  return {
    id: text(fields.id),
    chat,
    at: number(fields.at),
    text: text(fields.text),
    replyTo: textOrNull(fields.replyTo),
    files: read,
    problem: textOrNull(fields.problem),
  }
}

export const readDeletion = (value: unknown): FileDeletion | undefined => {
  const fields = fieldsOf(value)
  const chat = parseChatId(text(fields.chat))
  return chat && { chat, hash: text(fields.hash) }
}

export const readFileUse = (
  value: unknown,
): { hash: string; chat: string; size: number; at: number } | undefined => {
  const { hash, chat, size, at } = fieldsOf(value)
  if (typeof hash !== 'string') return undefined
  return { hash, chat: text(chat), size: number(size), at: number(at) }
}

export const readBytes = (value: unknown): FileBytes | undefined => {
  const { bytes, type } = fieldsOf(value)
  if (bytes instanceof ArrayBuffer) return new Blob([bytes], { type: text(type) })
  return bytes instanceof Blob ? bytes : undefined
}
