/** Bodies of messages that say which message they are. */
import { textOf } from '../../tests/support/written-page.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The envelope that `sealBody` makes, without its promise. */
export const bodyOf = (number: number): Uint8Array =>
  encoder.encode(`\0${JSON.stringify({ text: textOf(number) })}`)

export const numberIn = (body: Uint8Array): number => {
  const { text } = JSON.parse(decoder.decode(body.subarray(1))) as { text: string }
  return Number.parseInt(text, 10)
}
