/**
 * Colours as people see them: how light, how colourful, which hue. After Björn Ottosson's OKLab,
 * https://bottosson.github.io/posts/oklab/.
 */
import { hexOf, linear, type Rgb, rgbOf } from './contrast.ts'

export interface Oklch {
  /** 0 black to 1 white. */
  readonly l: number
  /** 0 grey to some 0.3. */
  readonly c: number
  /** Degrees. */
  readonly h: number
}

export const oklchOf = (hex: string): Oklch => {
  const [r, g, b] = rgbOf(hex).map(linear) as unknown as Rgb
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  const bb = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
  return {
    l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    c: Math.hypot(a, bb),
    h: ((Math.atan2(bb, a) * 180) / Math.PI + 360) % 360,
  }
}

/** `#rrggbb`; one that no screen shows loses as much of its colour as it takes. */
export const hexOfOklch = ({ l, c, h }: Oklch): string => {
  for (let chroma = c; ; chroma -= 0.004) {
    const rgb = toRgb(l, Math.max(0, chroma), h)
    if (chroma <= 0 || rgb.every((part) => part >= -0.0005 && part <= 1.0005)) return hexOf(rgb)
  }
}

const toRgb = (lightness: number, c: number, h: number): Rgb => {
  const a = c * Math.cos((h * Math.PI) / 180)
  const b = c * Math.sin((h * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const gamma = (part: number): number =>
    part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}
