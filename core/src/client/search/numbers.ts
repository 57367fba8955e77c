/** Numbers as people write them: 2.5 and 2,5, 1,000 and 1000, 8:30 and 08.30, ½ and 1/2. */

/** Of a fraction that has a letter of its own. */
const decimals: Readonly<Record<string, string>> = { '1/2': '.5', '1/4': '.25', '3/4': '.75' }
/** Digits of a number that is one for a telephone, however it is parted. */
const TELEPHONE = 9

/** A folded number, with the signs in it, in each way it may be written; the usual one first. */
export const numberForms = (number: string): string[] => {
  const [, a = '', sign = '', b = '', rest = ''] =
    /^(\d+)(?:([.,:/])(\d+)(.*))?$/.exec(number) ?? []
  if (sign === '') return /^0\d$/.test(a) ? [a, a.slice(1)] : [a].filter(Boolean)
  if (rest !== '') {
    const plain = number.replaceAll(',', '.')
    const together = plain.replaceAll('.', '')
    const isOne = /^\d{1,3}(?:\.\d{3})+$/.test(plain) || together.length >= TELEPHONE
    return isOne ? [plain, together] : [plain]
  }
  const part = decimals[number]
  if (sign === '/') return part === undefined ? [number] : [number, `0${part}`]
  const time = Number(a) < 24 && /^[0-5]\d$/.test(b) ? [`${Number(a)}:${b}`] : []
  if (sign === ':') return time.length > 0 ? time : [number]
  const decimal = `${a}.${b}`
  const short = decimal.replace(/\.?0+$/, '')
  const forms = [decimal, ...(short === decimal ? [] : [short])]
  if (/^\d{1,3}$/.test(a) && /^\d{3}$/.test(b)) forms.push(a + b)
  return sign === '.' ? [...forms, ...time] : forms
}

/** A number and a fraction behind it, "1" and "1/2", as one; undefined when they are none. */
export const mixedNumber = (whole: string, fraction: string): string | undefined => {
  const part = decimals[fraction]
  return part !== undefined && /^\d+$/.test(whole) ? whole + part : undefined
}
