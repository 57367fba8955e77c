/**
 * The clinic's colour as the tokens of `ui/tokens.css`, light and dark. Whatever colour is chosen, it
 * is made as much darker or lighter as texts on it, and texts in it, need to be read.
 */
import { contrast } from './contrast.ts'
import { hexOfOklch, oklchOf } from './oklch.ts'

export type AccentTokens = Readonly<Record<string, string>>

/** Of a text; WCAG 2.2, 1.4.3. */
const READABLE = 4.5
const STEP = 0.01

/** The grounds of `ui/tokens.css` that texts in the accent stand on. */
const grounds = {
  light: ['#f5f2ec', '#fffdfa', '#ffffff', '#f0ece4', '#f4f0e9'],
  dark: ['#101413', '#181d1c', '#212726', '#232a29', '#1f2524'],
}

export const accentTokens = (accent: string): { light: AccentTokens; dark: AccentTokens } => {
  const { l, c, h } = oklchOf(accent)
  const tone = (lightness: number, most: number): string =>
    hexOfOklch({ l: lightness, c: Math.min(c, most), h })
  /** The tone nearest to `from` that is read on all grounds, darker (-1) or lighter (1). */
  const readable = (from: number, most: number, way: 1 | -1, on: readonly string[]): string => {
    for (let at = from; at > 0 && at < 1; at += way * STEP) {
      const found = tone(at, most)
      if (on.every((ground) => contrast(found, ground) >= READABLE)) return found
    }
    return way === 1 ? '#ffffff' : '#000000'
  }
  const deeper = (hex: string, way: 1 | -1): string => tone(oklchOf(hex).l + way * 0.06, 0.2)

  const white = '#ffffff'
  const softLight = tone(0.94, 0.03)
  const bubbleLight = tone(0.915, 0.04)
  const accentLight = readable(Math.min(l, 0.62), 0.2, -1, [white])
  const inkDark = tone(0.2, 0.04)
  const softDark = tone(0.34, 0.055)
  const bubbleDark = tone(0.365, 0.06)
  const accentDark = readable(Math.max(l, 0.74), 0.14, 1, [inkDark, ...grounds.dark])
  return {
    light: {
      '--accent': accentLight,
      '--accent-strong': deeper(accentLight, -1),
      '--accent-ink': readable(0.5, 0.2, -1, [...grounds.light, softLight, bubbleLight]),
      '--on-accent': white,
      '--accent-soft': softLight,
      '--accent-row': tone(0.955, 0.02),
      '--bubble-mine': bubbleLight,
      '--bubble-mine-meta': readable(0.5, 0.035, -1, [bubbleLight]),
      '--focus': readable(Math.min(l, 0.6), 0.2, -1, grounds.light),
      '--toast-accent': tone(0.82, 0.1),
    },
    dark: {
      '--accent': accentDark,
      '--accent-strong': deeper(accentDark, 1),
      '--accent-ink': readable(0.8, 0.1, 1, [...grounds.dark, softDark, bubbleDark]),
      '--on-accent': inkDark,
      '--accent-soft': softDark,
      '--accent-row': tone(0.275, 0.03),
      '--bubble-mine': bubbleDark,
      '--bubble-mine-meta': readable(0.78, 0.045, 1, [bubbleDark]),
      '--focus': readable(0.8, 0.1, 1, grounds.dark),
      '--toast-accent': tone(0.4, 0.1),
    },
  }
}
