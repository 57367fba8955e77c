/**
 * Addresses for bytes that are on this device, by hash, so that what was shown once shows at once.
 * A bounded number is kept; the browser holds the bytes, not the page.
 */
import type { Attachment } from '@wardline/core/chat/attachment'
import { harmless } from './kinds.ts'

const MOST = 150
const urls = new Map<string, string>()

export const knownUrl = ({ hash }: Attachment): string | undefined => urls.get(hash)

export const urlOf = (attachment: Attachment, blob: Blob): string => {
  const known = urls.get(attachment.hash)
  if (known !== undefined) return known
  const url = URL.createObjectURL(harmless(blob, attachment))
  urls.set(attachment.hash, url)
  for (const [hash, old] of urls) {
    if (urls.size <= MOST) break
    URL.revokeObjectURL(old)
    urls.delete(hash)
  }
  return url
}
