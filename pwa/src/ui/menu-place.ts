/** Where a menu stands: at a point, or below or above a button, and always inside the window. */
export interface MenuPlace {
  left: number
  right: number
  top: number
  bottom: number
}

interface Size {
  width: number
  height: number
}

/** Room to the edges of the window (px). */
const MARGIN = 8

export const pointPlace = (x: number, y: number): MenuPlace => ({
  left: x,
  right: x,
  top: y,
  bottom: y,
})

const within = (value: number, size: number, view: number): number =>
  Math.max(MARGIN, Math.min(value, view - size - MARGIN))

/** `origin` is where it grows from, for the eye. */
export const placeMenu = (
  at: MenuPlace,
  { width, height }: Size,
  view: Size,
  direction: string,
): { left: number; top: number; origin: string } => {
  const start = direction === 'rtl' ? at.right - width : at.left
  const fits = start >= MARGIN && start + width <= view.width - MARGIN
  const other = direction === 'rtl' ? at.left : at.right - width
  const above = at.bottom + height > view.height - MARGIN && at.top - height >= MARGIN
  const left = within(fits ? start : other, width, view.width)
  const top = above ? at.top - height : within(at.bottom, height, view.height)
  const x = Math.round(Math.max(0, Math.min(width, (at.left + at.right) / 2 - left)))
  return { left, top, origin: `${x}px ${above ? 'bottom' : 'top'}` }
}
