/** Text that UTF-8 can carry: half of a surrogate pair is no character. */

export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text)

/** With the sign for what cannot be read in the place of each such half. */
export const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')
