/** A flag; a key; or a picture with its tone, its variants, and others that are joined to it. */
const pattern =
  /^(?:\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3|\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic}|[\u{E0020}-\u{E007F}])*)$/u
/** Longest, in UTF-16 units: families have up to 25. */
const LONGEST = 40

/** Whether a text is one emoji. A reaction that is none would put words under what somebody said. */
export const isEmoji = (text: string): boolean => text.length <= LONGEST && pattern.test(text)
