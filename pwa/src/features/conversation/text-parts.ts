import { emojiPattern } from '@wardline/core/chat/emoji'

/** Links in a message are links; nothing else of its text is interpreted. */
export interface TextPart {
  text: string
  href: string | null
  /** Where it starts; unique in the text. */
  at: number
}

/**
 * Up to a space, a quotation mark of any language, the punctuation of scripts that put no space
 * behind it, or a mark that turns text around: an address reads as where it leads.
 */
const link =
  /https?:\/\/[^\s<>"'`“”„‟‘’‚‛«»‹›、。〈-】〔-〛〝-〟｡-､！（），．：；？［］｛｝｟｠～،؛؟۔।॥\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/giu
/** Punctuation that ends a sentence rather than an address. */
const trailing = new Set('.,;:!?…*_~|([{')
const openings: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }

export const textParts = (text: string): TextPart[] => {
  const parts: TextPart[] = []
  let end = 0
  const push = (part: string, href: string | null, at: number) => {
    if (part !== '') parts.push({ text: part, href, at })
  }
  for (const match of text.matchAll(link)) {
    const address = withoutTrailing(withPairs(match[0]))
    if (!isPlainAddress(address)) continue
    push(text.slice(end, match.index), null, end)
    push(address, address, match.index)
    end = match.index + address.length
  }
  push(text.slice(end), null, end)
  return parts
}

/** Up to a closing bracket that was not opened in it: that one belongs to the sentence around it. */
const withPairs = (text: string): string => {
  const open: Record<string, number> = {}
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    const opening = openings[char]
    if (opening === undefined) open[char] = (open[char] ?? 0) + 1
    else if ((open[opening] ?? 0) === 0) return text.slice(0, at)
    else open[opening] = (open[opening] ?? 0) - 1
  }
  return text
}

/** By hand: a pattern for the end of a text is tried at each place of it. */
const withoutTrailing = (text: string): string => {
  let end = text.length
  while (end > 0 && trailing.has(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

/** Without a name and password, which look like the host of another address. */
const isPlainAddress = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return username === '' && password === ''
}

/** One to three emoji and nothing else. */
export const isBigEmoji = (text: string): boolean => {
  const words = text.trim()
  return words.length <= LONGEST && big.test(words)
}

/** Three of the longest, in UTF-16 units. */
const LONGEST = 120
const big = emojiPattern((emoji) => `^(?:${emoji}\\s?){1,3}$`)
