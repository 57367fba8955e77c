/** Links in a message are links; nothing else of its text is interpreted. */
export interface TextPart {
  text: string
  href: string | null
  /** Where it starts; unique in the text. */
  at: number
}

/** Up to a mark that turns text around as well: an address reads as where it leads. */
const link = /https?:\/\/[^\s<>"'“”\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu
/** Punctuation that ends a sentence rather than an address. */
const trailing = new Set('.,;:!?…)]}*_~')

export const textParts = (text: string): TextPart[] => {
  const parts: TextPart[] = []
  let end = 0
  const push = (part: string, href: string | null, at: number) => {
    if (part !== '') parts.push({ text: part, href, at })
  }
  for (const match of text.matchAll(link)) {
    const address = withoutTrailing(match[0])
    if (!isPlainAddress(address)) continue
    push(text.slice(end, match.index), null, end)
    push(address, address, match.index)
    end = match.index + address.length
  }
  push(text.slice(end), null, end)
  return parts
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
export const isBigEmoji = (text: string): boolean =>
  /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*\s?){1,3}$/u.test(
    text.trim(),
  )
