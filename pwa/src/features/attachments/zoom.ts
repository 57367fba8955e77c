/** A picture as it lies on its stage, in pixels from the middle: how large, and moved how far. */
export interface Zoom {
  scale: number
  x: number
  y: number
}

export interface Point {
  x: number
  y: number
}

/** Of the stage, which the picture fills while it is not enlarged. */
export interface Stage {
  width: number
  height: number
}

export const fitted: Zoom = { scale: 1, x: 0, y: 0 }

/** What the buttons step through. */
const STEPS = [1, 1.5, 2, 3, 4] as const
const LARGEST = 6
/** After a double press. */
const CLOSE_UP = 2.5

const between = (value: number, most: number): number =>
  most === 0 ? 0 : Math.min(most, Math.max(-most, value))

/** Never farther than its edge: there is always picture where picture can be. */
const held = ({ scale, x, y }: Zoom, { width, height }: Stage): Zoom => ({
  scale,
  x: between(x, ((scale - 1) * width) / 2),
  y: between(y, ((scale - 1) * height) / 2),
})

export const panned = (zoom: Zoom, by: Point, stage: Stage): Zoom =>
  held({ scale: zoom.scale, x: zoom.x + by.x, y: zoom.y + by.y }, stage)

/** Enlarged so that what lies at a point stays there. */
export const zoomedAt = (zoom: Zoom, scale: number, at: Point, stage: Stage): Zoom => {
  const next = Math.min(LARGEST, Math.max(1, scale))
  const grown = next / zoom.scale
  const x = at.x - (at.x - zoom.x) * grown
  const y = at.y - (at.y - zoom.y) * grown
  return held({ scale: next, x, y }, stage)
}

/** A double press looks closer, and a second one at the whole again. */
export const toggledAt = (zoom: Zoom, at: Point, stage: Stage): Zoom =>
  zoom.scale > 1 ? fitted : zoomedAt(zoom, CLOSE_UP, at, stage)

/** The next step up or down; undefined at the end. */
export const stepFrom = (scale: number, direction: 1 | -1): number | undefined =>
  direction > 0
    ? STEPS.find((step) => step > scale + 0.01)
    : STEPS.findLast((step) => step < scale - 0.01)
