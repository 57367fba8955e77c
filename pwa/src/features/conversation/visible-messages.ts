/**
 * Which messages a person can really have seen. A message counts when most of it is in view, or,
 * when it is taller than the screen, when it fills half of it.
 */
export interface Extent {
  key: string
  /** Relative to the same origin as the viewport's, in pixels. */
  top: number
  bottom: number
}

export const visibleKeys = (
  extents: readonly Extent[],
  viewport: { top: number; bottom: number },
): string[] =>
  extents
    .filter(({ top, bottom }) => {
      const seen = Math.min(bottom, viewport.bottom) - Math.max(top, viewport.top)
      const enough = Math.min((bottom - top) * 0.6, (viewport.bottom - viewport.top) * 0.5)
      return bottom > top && seen >= enough
    })
    .map(({ key }) => key)
