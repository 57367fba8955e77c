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

/** Lowest picture on screen. */
const LOWEST = 96

/**
 * What a picture gets on screen: as wide as there is room, and what is too tall or too low is cut.
 * It is reserved before the picture is here, so that nothing moves when it comes.
 */
export const boxFor = (size: Partial<Size>, most: Size): Size => {
  const { width = 4, height = 3 } = size
  const wanted = Math.round((most.width * height) / Math.max(width, 1))
  return { width: most.width, height: Math.min(most.height, Math.max(LOWEST, wanted)) }
}
