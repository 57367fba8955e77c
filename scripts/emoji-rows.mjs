/**
 * The emoji that can be chosen, for the app's build: of Emojibase's 0.8 MB what the picker shows and
 * searches, a fifth of it.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const NAME = 'virtual:emoji-rows'
const require = createRequire(import.meta.url)
const read = (path) => JSON.parse(readFileSync(path))

/** Newer ones are boxes on most phones. */
const NEWEST = 15.1

/**
 * One for each emoji: itself, its name, words that find it, the group that it stands in, the version
 * of Emoji that brought it (−1: a flag of a country, which some systems never draw), and itself in
 * the five tones of skin, lightest first, where it has some.
 *
 * @returns {[emoji: string, name: string, words: string, group: number, version: number, tones: string][]}
 */
export const emojiRows = () => {
  const flags = read(require.resolve('emojibase-data/en/messages.json')).subgroups.find(
    ({ key }) => key === 'country-flag',
  ).order
  return read(require.resolve('emojibase-data/en/data.json'))
    .filter(({ group, version }) => group !== undefined && version <= NEWEST)
    .map(({ emoji, label, tags = [], group, subgroup, version, skins = [] }) => [
      emoji,
      label,
      tags.join(','),
      group,
      subgroup === flags ? -1 : version,
      skins
        .filter(({ tone }) => typeof tone === 'number')
        .map((skin) => skin.emoji)
        .join(' '),
    ])
}

/** Vite's plugin that gives the app `virtual:emoji-rows`. */
export const emojiRowsModule = () => ({
  name: 'emoji-rows',
  resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
  // As a string: browsers read JSON in half the time of a script.
  load: (id) =>
    id === `\0${NAME}`
      ? `export default JSON.parse(${JSON.stringify(JSON.stringify(emojiRows()))})`
      : undefined,
})
