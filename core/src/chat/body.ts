/**
 * The envelope of an entry's content. The first byte names the encryption; 0 is none, and then
 * the rest is UTF-8 JSON. Opening is asynchronous everywhere, because with end-to-end encryption
 * it will be; the server never opens a body.
 */

import { decodeUtf8, encodeUtf8 } from '../base/utf8.ts'
import { wellFormed } from '../text/well-formed.ts'
import { type Attachment, MAX_ATTACHMENTS, readAttachment } from './attachment.ts'

export interface Content {
  text: string
  attachments?: readonly Attachment[]
}

/** What a body holds for this version of the program. */
export type OpenedBody =
  | { kind: 'content'; content: Content }
  /** Sealed in a way that this version does not know. */
  | { kind: 'unreadable' }

const PLAIN = 0

export const sealBody = async (content: Content): Promise<Uint8Array> => {
  const json = encodeUtf8(jsonOf(content))
  const body = new Uint8Array(json.length + 1)
  body[0] = PLAIN
  body.set(json, 1)
  return body
}

/** Half of a surrogate pair has to be escaped in JSON, and is written as one here. */
const HALF = /\\u[dD][89a-fA-F]/
const mended = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? wellFormed(value) : value

/** Text that is well-formed, so that whoever reads it in whatever language can. */
const jsonOf = (content: Content): string => {
  const json = JSON.stringify(content)
  return HALF.test(json) ? JSON.stringify(content, mended) : json
}

const parseJson = (json: string): unknown =>
  HALF.test(json) ? JSON.parse(json, mended) : JSON.parse(json)

/** Bytes of the body of a content: what the gate counts. */
export const bodyLength = (content: Content): number => encodeUtf8(jsonOf(content)).length + 1

export const openBody = async (body: Uint8Array): Promise<OpenedBody> => {
  if (body[0] !== PLAIN) return { kind: 'unreadable' }
  try {
    return readContent(parseJson(decodeUtf8(body.subarray(1))))
  } catch {
    // Another member's device wrote this; whatever it is, it must not break the timeline.
    return { kind: 'unreadable' }
  }
}

const readContent = (value: unknown): OpenedBody => {
  if (typeof value !== 'object' || value === null) return { kind: 'unreadable' }
  const { text, attachments } = value as { text?: unknown; attachments?: unknown }
  if (typeof text !== 'string') return { kind: 'unreadable' }
  const read = Array.isArray(attachments) ? attachments.slice(0, MAX_ATTACHMENTS) : []
  const files = read.map(readAttachment).filter((file) => file !== undefined)
  return { kind: 'content', content: files.length === 0 ? { text } : { text, attachments: files } }
}
