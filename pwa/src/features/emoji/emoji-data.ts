/** What the picker shows: recent emoji first, then all that this system draws, by groups. */

import rows from 'virtual:emoji-rows'
import type { EmojiData } from 'frimousse'
import { drawnTest } from './is-drawn.ts'

const RECENT = -1
/** By Emojibase's numbers; 2 are parts of others. */
const groups: Readonly<Record<number, string>> = {
  [RECENT]: 'Recent',
  0: 'Smileys and feelings',
  1: 'People and body',
  3: 'Animals and nature',
  4: 'Food and drink',
  5: 'Travel and places',
  6: 'Activities',
  7: 'Objects',
  8: 'Signs',
  9: 'Flags',
}
/** In the order of a row's tones. */
const toneKeys = ['light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const
type Tones = Record<(typeof toneKeys)[number], string>

const tonesOf = (named: (at: number) => string): Tones => ({
  light: named(0),
  'medium-light': named(1),
  medium: named(2),
  'medium-dark': named(3),
  dark: named(4),
})

const skinTones = tonesOf((at) => `${toneKeys[at]} skin`)

type Shown = EmojiData['emojis'][number]

const all = rows.map(([emoji, label, words, category, version, tones]): Shown => {
  const toned = tones.split(' ')
  return {
    emoji,
    label,
    category,
    version,
    tags: words === '' ? [] : words.split(','),
    ...(version < 0 && { countryFlag: true as const }),
    ...(toned.length > 1 && { skins: tonesOf((at) => toned[at] ?? emoji) }),
  }
})

/** Emoji come by versions, and a system has a version whole. */
const drawable = (): readonly Shown[] => {
  const isDrawn = drawnTest()
  // Where nothing has a colour, as on a screen for print, nothing is told by it.
  if (!isDrawn('😀')) return all
  const versions = new Map<number, boolean>()
  for (const { version, emoji } of all)
    if (!versions.has(version)) versions.set(version, isDrawn(emoji))
  return all.filter(({ version }) => versions.get(version) === true)
}

let drawn: readonly Shown[] | undefined

export const emojiData = (recent: readonly string[]): EmojiData => {
  drawn ??= drawable()
  const again = recent.flatMap((emoji) => {
    const found = find(emoji)
    return found === undefined ? [] : [{ ...found, category: RECENT }]
  })
  const categories = Object.entries(groups)
    .map(([index, label]) => ({ index: Number(index), label }))
    .sort((one, other) => one.index - other.index)
  return { locale: 'en', emojis: [...again, ...drawn], categories, skinTones }
}

/** Stays in the tone that it was chosen in, and says so. */
const find = (emoji: string): Shown | undefined => {
  const plain = all.find((one) => one.emoji === emoji)
  if (plain !== undefined) {
    const { skins: _, ...rest } = plain
    return rest
  }
  for (const { skins, ...rest } of all)
    for (const key of toneKeys)
      if (skins?.[key] === emoji)
        return { ...rest, emoji, label: `${rest.label}, ${skinTones[key]}` }
  return undefined
}
