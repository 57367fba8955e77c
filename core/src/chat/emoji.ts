/**
 * Emoji by what they are made of, and not by a list, which would be a pattern of thousands of cases
 * and know none of next year's: flags; keys; flags by tags; pictures that are joined to others; and
 * pictures with a tone or a variant, or such that are drawn as pictures by themselves.
 */
const PART = '(?:\\p{Extended_Pictographic}(?:\\p{Emoji_Modifier}|\\uFE0F)?)'
const EMOJI = [
  '\\p{Regional_Indicator}{2}',
  '[0-9#*]\\uFE0F?\\u20E3',
  '\\p{Extended_Pictographic}[\\u{E0020}-\\u{E007E}]+\\u{E007F}',
  `${PART}(?:\\u200D${PART})+`,
  '\\p{Emoji_Modifier_Base}\\p{Emoji_Modifier}',
  '(?!\\p{Regional_Indicator})\\p{Emoji_Presentation}\\uFE0F?',
  '(?![0-9#*])\\p{Emoji}\\uFE0F',
].join('|')

/** A pattern in which `emoji` stands for any one emoji. */
export const emojiPattern = (around: (emoji: string) => string): RegExp =>
  new RegExp(around(`(?:${EMOJI})`), 'u')

/** A reaction may also be a picture without its variant, as some keyboards give it. */
const one = emojiPattern((emoji) => `^(?:${emoji}|\\p{Extended_Pictographic})$`)
/** Longest, in UTF-16 units: families have up to 25. */
const LONGEST = 40

/** Whether a text is one emoji. A reaction that is none would put words under what somebody said. */
export const isEmoji = (text: string): boolean => text.length <= LONGEST && one.test(text)
