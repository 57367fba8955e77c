/** How much more a message can hold, as the gate counts it, told in characters like those it has. */
import { bodyLength } from '@wardline/core/chat/body'
import { MAX_BODY } from '@wardline/core/chat/entry'
import { excessOf, textParts } from '@wardline/core/client/conversation/fit-content'

export type Room =
  | { kind: 'plenty' }
  /** `left`: characters. */
  | { kind: 'little'; left: number }
  | { kind: 'none'; over: number }

/** Of all that a message can hold: from there on it is told. */
const NEARLY = 0.8

export const roomFor = (text: string): Room => {
  // The most that a character can take are six bytes.
  if (text.length * 6 < MAX_BODY * NEARLY) return { kind: 'plenty' }
  const bytes = bodyLength({ text })
  const perCharacter = Math.max(1, bytes / text.length)
  if (excessOf({ text }) > 0)
    return { kind: 'none', over: Math.ceil((bytes - MAX_BODY) / perCharacter) }
  if (bytes < MAX_BODY * NEARLY) return { kind: 'plenty' }
  return { kind: 'little', left: Math.floor((MAX_BODY - bytes) / perCharacter) }
}

/** More messages than this at once are a file. */
const MAX_PARTS = 10

/** The messages that it takes; undefined when they would be too many. */
export const partsOf = (text: string): readonly string[] | undefined => {
  if (text.length > MAX_BODY * MAX_PARTS) return undefined
  const parts = textParts(text)
  return parts.length > MAX_PARTS ? undefined : parts
}
