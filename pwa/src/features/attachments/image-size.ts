/** Sizes of pictures, in pixels. */
export interface Size {
  width: number
  height: number
}

/** Longest side of a picture that is sent. */
export const LONGEST = 2048
/** Widest tiny picture in an entry. */
export const TINY = 24

/** Within a square of `longest`, never larger than it is, never less than one pixel. */
export const fitWithin = ({ width, height }: Size, longest: number): Size => {
  const scale = Math.min(1, longest / Math.max(width, height, 1))
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
}

/** What a picture gets on screen: reserved before it is here, so that nothing moves when it comes. */
export const boxFor = (size: Partial<Size>, most: Size): Size => {
  const { width = 4, height = 3 } = size
  const scale = Math.min(most.width / Math.max(width, 1), most.height / Math.max(height, 1))
  return {
    // Very long and thin ones are cut at the edges rather than made too small to touch.
    width: Math.round(Math.min(most.width, Math.max(width * scale, 96))),
    height: Math.round(Math.min(most.height, Math.max(height * scale, 96))),
  }
}
