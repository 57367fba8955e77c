/** What a message can hold, counted as the gate counts it. */
import { bodyLength, type Content } from '../../chat/body.ts'
import { MAX_BODY } from '../../chat/entry.ts'
import { TextError } from '../../chat/text-error.ts'
import { isBlank } from '../../text/blank.ts'
import { boundaryBefore } from '../../text/cut.ts'

/** Bytes that one UTF-16 unit takes in a body at most, as an escape of a control character. */
const MOST_PER_UNIT = 6

/** Whether it does not fit by how much, in bytes; 0 when it fits. Cheap for what is short. */
export const excessOf = (content: Content): number => {
  const isShort =
    content.attachments === undefined && content.text.length * MOST_PER_UNIT < MAX_BODY / 2
  return isShort ? 0 : Math.max(0, bodyLength(content) - MAX_BODY)
}

/**
 * The content as it can be sent: previews of pictures, which are a convenience, give way to words.
 * @throws TextError for what no message can hold: it would be stored, and shown nowhere
 */
export const fitContent = (content: Content): Content => {
  const { text, attachments = [] } = content
  if (isBlank(text) && attachments.length === 0) throw new TextError('blank')
  if (excessOf(content) === 0) return content
  const bare = { ...content, attachments: attachments.map(({ preview: _, ...rest }) => rest) }
  if (attachments.length === 0 || excessOf(bare) > 0) throw new TextError('too-long')
  return bare
}

/**
 * A text in parts that fit into a message each; put together they are the text, but for parts of
 * nothing but space. They end with a paragraph where one ends in their second half, else with a line, a sentence, a word, a character.
 */
export const textParts = (text: string): readonly string[] => {
  const parts: string[] = []
  let rest = text
  while (excessOf({ text: rest }) > 0) {
    const end = partEnd(rest)
    parts.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  // What shows nothing is no message.
  return [...parts, rest].filter((part) => !isBlank(part))
}

const ends = [/\n\s*\n/g, /\n/g, /[.!?…。！？]\s*/g, /\s+/g] as const

const partEnd = (text: string): number => {
  const most = longestBeginning(text)
  const half = text.slice(most >> 1, most)
  for (const end of ends) {
    const last = [...half.matchAll(end)].at(-1)
    if (last !== undefined) return (most >> 1) + last.index + last[0].length
  }
  return boundaryBefore(text, most)
}

/** UTF-16 units of the longest beginning of a text that fits. */
const longestBeginning = (text: string): number => {
  let low = 0
  let high = Math.min(text.length, MAX_BODY)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (excessOf({ text: text.slice(0, middle) }) === 0) low = middle
    else high = middle - 1
  }
  return low
}
