/**
 * Text as a search compares it: lower case, without accents, in one form of each letter and digit,
 * so that "jose" finds "José" and "strasse" finds "Straße".
 */

const plain = /^[0-9A-Za-z]*$/

/** Letters that do not come apart into a base and a mark, or that people write in two ways. */
const bases: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ı: 'i',
  þ: 'th',
  ς: 'σ',
  // Arabic and Persian; the stretching line says nothing.
  ـ: '',
  ة: 'ه',
  ى: 'ي',
  ی: 'ي',
  ک: 'ك',
  '⁄': '/',
  '∕': '/',
}
const special = new RegExp(`[${Object.keys(bases).join('')}]`, 'gu')

/** Where digits of other scripts begin: Arabic, Persian, Devanagari, Bengali, Thai. */
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50]

const digit = (letter: string): string => {
  const code = letter.codePointAt(0) ?? 0
  const zero = zeros.find((start) => code >= start && code < start + 10)
  return zero === undefined ? letter : String(code - zero)
}

/** Lower case, without accents; digits of any script as 0 to 9. */
export const fold = (text: string): string => {
  if (plain.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(special, (letter) => bases[letter] ?? letter)
    .replace(/[^\P{Nd}0-9]/gu, digit)
}

const written: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ø: 'oe',
  å: 'aa',
}

/**
 * The same, with two letters for one that some languages write so: "mueller" for "Müller".
 * Undefined for a text without such letters.
 */
export const foldLong = (text: string): string | undefined => {
  if (plain.test(text)) return undefined
  const composed = text.normalize('NFC').toLowerCase()
  if (!/[äöüøå]/.test(composed)) return undefined
  return fold(composed.replace(/[äöüøå]/g, (letter) => written[letter] ?? letter))
}
