/**
 * Yjs client ids as lanes: `index · 2^40 + writer`. The index is a member's number in the
 * document (0 is the server), the writer 40 random bits drawn afresh at each page load. 53 bits
 * in all, so that a client id stays an exact integer in JavaScript and in Yjs's encodings.
 */

/** 40 random bits that name one thread of writing of one page load. Never used again after it. */
export type Writer = number
/** Number of a member in a document, 0 … {@link MAX_INDEX}. 0 is the server. */
export type MemberIndex = number

const WRITER_SPAN = 2 ** 40
export const MAX_INDEX = 2 ** 13 - 1
export const SERVER_INDEX: MemberIndex = 0

export const clientIdOf = (index: MemberIndex, writer: Writer): number =>
  index * WRITER_SPAN + writer

export const indexOf = (client: number): MemberIndex => Math.floor(client / WRITER_SPAN)

export const writerOf = (client: number): Writer => client % WRITER_SPAN

export const isWriter = (value: unknown): value is Writer =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < WRITER_SPAN

/** Draws a writer from 5 random bytes. */
export const writerFrom = (bytes: Uint8Array): Writer => {
  let writer = 0
  for (let i = 0; i < 5; i++) writer = writer * 256 + (bytes[i] ?? 0)
  return writer
}
