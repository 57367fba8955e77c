/** Links in a message are links; nothing else of its text is interpreted. */
export interface TextPart {
  text: string
  href: string | null
  /** Where it starts; unique in the text. */
  at: number
}

const link = /https?:\/\/[^\s<>"'“”]+/giu
/** Punctuation that ends a sentence rather than an address. */
const trailing = /[.,;:!?…)\]}*_~]+$/u

export const textParts = (text: string): TextPart[] => {
  const parts: TextPart[] = []
  let end = 0
  const push = (part: string, href: string | null, at: number) => {
    if (part !== '') parts.push({ text: part, href, at })
  }
  for (const match of text.matchAll(link)) {
    const address = match[0].replace(trailing, '')
    if (!URL.canParse(address)) continue
    push(text.slice(end, match.index), null, end)
    push(address, address, match.index)
    end = match.index + address.length
  }
  push(text.slice(end), null, end)
  return parts
}

/** One to three emoji and nothing else. */
export const isBigEmoji = (text: string): boolean =>
  /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*\s?){1,3}$/u.test(
    text.trim(),
  )
