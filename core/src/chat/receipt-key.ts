/**
 * Keys of a state map: `d/<writer>/<n>` (delivered) and `r/<writer>/<n>` (read), each set once to
 * the time in milliseconds at which the reader's device had, or its person had seen, all entries
 * of that writer in this page up to n.
 */
import { isWriter, type Writer } from '../base/client-id.ts'

export type ReceiptKind = 'd' | 'r'
export interface ReceiptKey {
  kind: ReceiptKind
  writer: Writer
  n: number
}

const pattern = /^([dr])\/(0|[1-9]\d{0,12})\/([1-9]\d{0,9})$/

export const writeReceiptKey = ({ kind, writer, n }: ReceiptKey): string => `${kind}/${writer}/${n}`

export const readReceiptKey = (text: string): ReceiptKey | undefined => {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const writer = Number(match[2])
  const n = Number(match[3])
  if (!isWriter(writer) || n >= 2 ** 31) return undefined
  return { kind: match[1] as ReceiptKind, writer, n }
}
