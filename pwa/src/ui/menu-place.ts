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
/** Room between a menu and what it is about (px). */
const GAP = 4

export const pointPlace = (x: number, y: number): MenuPlace => ({
  left: x,
  right: x,
  top: y,
  bottom: y,
})

/** Under a finger: above or below what it rests on, so that one sees what the menu is about. */
export const besidePlace = (
  { top, bottom }: Pick<MenuPlace, 'top' | 'bottom'>,
  x: number,
): MenuPlace => ({ left: x, right: x, top: top - GAP, bottom: bottom + GAP })

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
