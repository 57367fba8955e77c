/**
 * `Upload-Metadata` of tus: `key base64, key base64, …`. The library reads values that are no base64
 * and no UTF-8 as something else than was sent; here they are none.
 */
import { isUtf8 } from 'node:buffer'

/** Undefined for what is no metadata, or no text. */
export const readMetadata = (header: string | undefined): Record<string, string> | undefined => {
  const values = new Map<string, string>()
  for (const pair of (header ?? '').split(',')) {
    const [key = '', value = '', ...rest] = pair.trim().split(' ')
    const text = readValue(value)
    if (!KEY.test(key) || values.has(key) || rest.length > 0 || text === undefined) return undefined
    values.set(key, text)
  }
  return Object.fromEntries(values)
}

const KEY = /^[\x21-\x7e]+$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/

const readValue = (value: string): string | undefined => {
  if (!BASE64.test(value)) return undefined
  const bytes = Buffer.from(value, 'base64')
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined
}
