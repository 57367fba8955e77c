import { emojiPattern } from '@wardline/core/chat/emoji'

/** Links in a message are links; nothing else of its text is interpreted. */
export interface TextPart {
  text: string
  href: string | null
  /** Where it starts; unique in the text. */
  at: number
}

/**
 * A space, a quotation mark of any language, the punctuation of scripts that put no space behind
 * it, or a mark that turns text around: an address ends there, and reads as where it leads.
 */
const STOPS =
  '\\s<>"\'`“”„‟‘’‚‛«»‹›、。〈-】〔-〛〝-〟｡-､！（），．：；？［］｛｝｟｠～،؛؟۔।॥\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufeff'
/** Labels of a host, each with its dot. Bounded, as all of this is: it is tried at many places. */
const LABELS = '(?:[a-z0-9-]{1,63}\\.){1,6}'
/**
 * Without a protocol, an address is one by "www." or by these endings only. Endings of countries
 * are words and units: "ok.so", "ml.kg/h".
 */
const ENDINGS = '(?:com|org|net|edu|gov|info|health)'
const BARE = `(?<![\\p{L}\\p{N}@._+/-])(?=www\\.${LABELS}[a-z]{2}|${LABELS}${ENDINGS}(?![@-]|\\.?[\\p{L}\\p{N}]))`
const WEB = `(?:https?:\\/\\/|${BARE})[^${STOPS}]+`
const MAIL = `(?<![\\p{L}\\p{N}@._+-])[a-z0-9][a-z0-9._+-]{0,63}@${LABELS}[a-z]{2,63}(?![\\p{L}\\p{N}@-])`
/** With the country's number, or with a zero and in groups: other numbers are doses and dates. */
const TEL =
  '(?<![\\p{L}\\p{N}+.,:/-]|\\d )(?:\\+[1-9](?:[ ()-]{0,3}\\d){7,14}|\\(?0[1-9](?:[ )/-]{0,2}\\d){7,10})(?![\\p{L}\\p{N}:]|[.,/-]\\d)'
const link = new RegExp(`(?<web>${WEB})|(?<mail>${MAIL})|(?<tel>${TEL})`, 'giu')

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
    const { web, mail, tel } = match.groups ?? {}
    const shown = web === undefined ? match[0] : withoutTrailing(withPairs(web))
    const href =
      web !== undefined ? webAddress(shown) : mail !== undefined ? `mailto:${mail}` : telOf(tel)
    if (href === undefined) continue
    push(text.slice(end, match.index), null, end)
    push(shown, href, match.index)
    end = match.index + shown.length
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
const webAddress = (text: string): string | undefined => {
  const address = /^https?:/i.test(text) ? text : `https://${text}`
  if (!URL.canParse(address)) return undefined
  const { username, password } = new URL(address)
  return username === '' && password === '' ? address : undefined
}

/** Not "01-02-2026 08", nor digits in one piece, which are the number of something else. */
const telOf = (text = ''): string | undefined => {
  const international = text.startsWith('+')
  if (!international && (/^\d+$/.test(text) || /^\d\d([-/ ])\d\d\1(?:19|20)\d\d\b/.test(text)))
    return undefined
  // The zero that is dialled only within the country.
  const dialled = international ? text.replace('(0)', '') : text
  return `tel:${dialled.replace(/[^+\d]/g, '')}`
}

/** One to three emoji and nothing else. */
export const isBigEmoji = (text: string): boolean => {
  const words = text.trim()
  return words.length <= LONGEST && big.test(words)
}

/** Three of the longest, in UTF-16 units. */
const LONGEST = 120
const big = emojiPattern((emoji) => `^(?:${emoji}\\s?){1,3}$`)
