/**
 * How the app looks on this device: light or dark, and how large its text is. Kept in the browser,
 * and shown by `public/look.js`, which runs before anything is painted; so is the clinic's colour,
 * which `clinic-copy.ts` keeps.
 */
const THEME = 'wardline-theme'
const TEXT = 'wardline-text'

export const themes = ['automatic', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]
export const textSizes = ['normal', 'large', 'larger', 'largest'] as const
export type TextSize = (typeof textSizes)[number]

const oneOf = <T extends string>(all: readonly T[], value: string | null, usual: T): T =>
  all.find((one) => one === value) ?? usual

export const themeNow = (): Theme => oneOf(themes, localStorage.getItem(THEME), 'automatic')
export const textSizeNow = (): TextSize => oneOf(textSizes, localStorage.getItem(TEXT), 'normal')

const keep = (key: string, value: string): void => {
  localStorage.setItem(key, value)
  // The other tabs hear of it by themselves.
  dispatchEvent(new Event('wardline-look'))
}

export const setTheme = (theme: Theme): void => keep(THEME, theme)
export const setTextSize = (size: TextSize): void => keep(TEXT, size)
