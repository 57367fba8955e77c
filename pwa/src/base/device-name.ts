/** What a browser calls the device that it runs on, for the list of a person's devices. */
import { isInstalled } from './platform.ts'

/** By the words that a user agent has; the first that fits. Others claim to be what they are not. */
const browsers = [
  ['Edge', /\bEdg(?:A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ['Safari', /\bSafari\//],
] as const

const systems = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Mac', /\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
] as const

type Names = readonly (readonly [name: string, pattern: RegExp])[]

const nameIn = (names: Names, userAgent: string): string | undefined =>
  names.find(([, pattern]) => pattern.test(userAgent))?.[0]

/**
 * As “Chrome on Android”, or “App on Android” where it was installed.
 *
 * @param touches how many fingers it can tell apart: an iPad says that it is a Mac
 */
export const nameOf = (userAgent: string, touches: number, installed: boolean): string => {
  const found = nameIn(systems, userAgent)
  const system = found === 'Mac' && touches > 1 ? 'iPad' : found
  const program = installed ? 'App' : (nameIn(browsers, userAgent) ?? 'Browser')
  return system === undefined ? program : `${program} on ${system}`
}

export const deviceName = (): string =>
  nameOf(navigator.userAgent, navigator.maxTouchPoints, isInstalled())
