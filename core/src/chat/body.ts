/**
 * The envelope of an entry's content. The first byte names the encryption; 0 is none, and then
 * the rest is UTF-8 JSON. Opening is asynchronous everywhere, because with end-to-end encryption
 * it will be; the server never opens a body.
 */
import { decodeUtf8, encodeUtf8 } from '../ids/utf8.ts'

export interface Content {
  text: string
}

/** What a body holds for this version of the program. */
export type OpenedBody =
  | { kind: 'content'; content: Content }
  /** Sealed in a way that this version does not know. */
  | { kind: 'unreadable' }

const PLAIN = 0

export const sealBody = async (content: Content): Promise<Uint8Array> => {
  const json = encodeUtf8(JSON.stringify({ text: content.text }))
  const body = new Uint8Array(json.length + 1)
  body[0] = PLAIN
  body.set(json, 1)
  return body
}

export const openBody = async (body: Uint8Array): Promise<OpenedBody> => {
  if (body[0] !== PLAIN) return { kind: 'unreadable' }
  try {
    const value: unknown = JSON.parse(decodeUtf8(body.subarray(1)))
    if (typeof value === 'object' && value !== null && 'text' in value) {
      const { text } = value
      if (typeof text === 'string') return { kind: 'content', content: { text } }
    }
    return { kind: 'unreadable' }
  } catch {
    // Another member's device wrote this; whatever it is, it must not break the timeline.
    return { kind: 'unreadable' }
  }
}
