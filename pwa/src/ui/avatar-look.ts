/** Hues that keep apart from each other and from the red of a refusal. */
const hues = [168, 205, 240, 275, 310, 345, 55, 85, 120] as const

/** The hue of a person's or a chat's avatar; the same on every device, for it derives from the id. */
export const hueOf = (id: string): number => {
  let hash = 2166136261
  for (const char of id) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619)
  return hues[(hash >>> 0) % hues.length] ?? hues[0]
}

/** The hue of a member's name in a group: far from those of the members before and after. */
export const hueOfMember = (index: number): number => hues[(index * 2) % hues.length] ?? hues[0]

const titles = /^(dr|prof|mr|mrs|ms|mx|sr|nurse)\.?$/i

/** One or two letters for a name, without its title: "Dr Ada Osei" is AO. */
export const initialsOf = (name: string): string => {
  const words = name.split(/[\s\-–]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const proper = words.filter((word) => !titles.test(word))
  const chosen = proper.length > 0 ? proper : words
  // With its marks: a letter without its accent, or its vowel sign, is another one.
  const letter = (word: string | undefined) => word?.match(/[\p{L}\p{N}]\p{M}*/u)?.[0] ?? ''
  const last = chosen.length > 1 ? letter(chosen.at(-1)) : ''
  return `${letter(chosen[0])}${last}`.toLocaleUpperCase()
}
