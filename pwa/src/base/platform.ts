/** A finger, not a mouse: Enter breaks the line, and opening a chat must not raise a keyboard. */
export const isTouch = (): boolean =>
  window.matchMedia('(hover: none) and (pointer: coarse)').matches

/** iPhone and iPad, which stop a page's network when it is left. iPad says it is a Mac. */
export const isAppleMobile = (): boolean =>
  /iPhone|iPad|iPod/.test(navigator.userAgent) ||
  (navigator.userAgent.includes('Macintosh') && navigator.maxTouchPoints > 1)

export const reducedMotion = (): boolean =>
  window.matchMedia('(prefers-reduced-motion: reduce)').matches

/** The page runs as an installed app, in a window of its own. */
export const isInstalled = (): boolean => window.matchMedia('(display-mode: standalone)').matches
