/** A swipe towards the end of the line answers a message. Distances in px, positive in that direction. */

/** A finger that moved this far sideways, and clearly more so than up or down, swipes. */
const BEGIN = 12
/** From here letting go answers. */
const ENOUGH = 56
/** The bubble follows no farther. */
const FARTHEST = 84

export type SwipeAxis = 'undecided' | 'swipe' | 'scroll'

export const swipeAxis = (along: number, across: number): SwipeAxis => {
  if (along >= BEGIN && along > 1.5 * Math.abs(across)) return 'swipe'
  return along <= -BEGIN || Math.abs(across) >= BEGIN ? 'scroll' : 'undecided'
}

/** How far the bubble goes with the finger: slower and slower past the point where it is enough. */
export const swipeOffset = (along: number): number => {
  const free = Math.max(0, along - BEGIN)
  return free <= ENOUGH ? free : Math.min(FARTHEST, ENOUGH + (free - ENOUGH) / 4)
}

export const swipeAnswers = (along: number): boolean => swipeOffset(along) >= ENOUGH
