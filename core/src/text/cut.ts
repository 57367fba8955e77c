/** Shortening text without breaking what a reader takes for one character. */

interface Graphemes {
  segment(text: string): { containing(at: number): { index: number } | undefined }
}
type Segmenter = new (locale: undefined, options: { granularity: 'grapheme' }) => Graphemes

// Not every browser of the last years has one; then code points stay whole.
const { Segmenter } = Intl as unknown as { Segmenter?: Segmenter }
const graphemes =
  Segmenter === undefined ? undefined : new Segmenter(undefined, { granularity: 'grapheme' })

/** Behind a cut as much is looked at as it takes to see whether a character goes on there. */
const AHEAD = 8

/**
 * The longest beginning of a text of at most `most` UTF-16 units that ends between two characters
 * as people count them: no half of an emoji, no letter without its accent. One character that is
 * longer than all that (piled up accents) is cut between code points.
 */
export const cutText = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, boundaryBefore(text, most))

/** The longest end of a text, in the same way. */
export const cutStart = (text: string, most: number): string => {
  if (text.length <= most) return text
  const from = text.length - most
  return text.slice(boundaryAfter(text, from))
}

/** The last place at or before `at`, in UTF-16 units, where a text can be cut. */
export const boundaryBefore = (text: string, at: number): number => {
  if (at >= text.length) return text.length
  const start = graphemes?.segment(text.slice(0, at + AHEAD)).containing(at)?.index ?? at
  return start > 0 ? codePointStart(text, start) : codePointStart(text, at)
}

/** The first place at or behind `at` where a text can be cut. */
export const boundaryAfter = (text: string, at: number): number => {
  for (let to = at; to < text.length; to++) if (boundaryBefore(text, to) === to) return to
  return text.length
}

/** `at`, or one less when it lies between the halves of a code point. */
const codePointStart = (text: string, at: number): number =>
  isLow(text.charCodeAt(at)) && isHigh(text.charCodeAt(at - 1)) ? at - 1 : at

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff
