import { type Writer, writerFrom } from '../base/client-id.ts'

/** Draws the writer of this page load, or of this run of a program ([ID-1] in docs/protocol.md). */
export const newWriter = (): Writer => writerFrom(crypto.getRandomValues(new Uint8Array(5)))
