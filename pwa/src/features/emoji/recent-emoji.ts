/** The emoji that were chosen on this device, the latest first. */
const KEY = 'wardline-emoji'
const TONE = 'wardline-emoji-tone'
/** Most that are remembered: three lines of a phone. */
const MOST = 21

const tones = ['none', 'light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const
export type Tone = (typeof tones)[number]

export const withRecent = (emoji: string, before: readonly string[]): readonly string[] =>
  [emoji, ...before.filter((other) => other !== emoji)].slice(0, MOST)

export const recentEmoji = (): readonly string[] =>
  (localStorage.getItem(KEY) ?? '').split(' ').filter((emoji) => emoji !== '')

export const rememberEmoji = (emoji: string): void =>
  localStorage.setItem(KEY, withRecent(emoji, recentEmoji()).join(' '))

/** The tone of skin that was chosen last. */
export const toneNow = (): Tone =>
  tones.find((tone) => tone === localStorage.getItem(TONE)) ?? 'none'

export const rememberTone = (tone: Tone): void => localStorage.setItem(TONE, tone)
