/**
 * What opens a link: its token, which stands in the address behind `#` and so never reaches a log,
 * or a code of eight characters for whoever cannot take an address along. The store has hashes only.
 */
import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto'

/** Without what is mistaken for something else on paper or over the telephone: 0 O, 1 I L, U V. */
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTWXYZ'
/** Characters of a code: 29^8 of them, more than 2^38. */
export const CODE_LENGTH = 8
const TOKEN_BYTES = 32

const tokenPattern = /^[\w-]{43}$/
const codePattern = new RegExp(`^[${CODE_ALPHABET}]{${CODE_LENGTH}}$`)

/** 256 random bits, in 43 characters of an address. */
export const newLinkToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url')

export const isLinkToken = (text: string): boolean => tokenPattern.test(text)

/** The id of a link: says nothing about its token. */
export const linkIdOf = (token: string): string =>
  createHash('sha256').update(token).digest('base64url')

/** Eight characters, without the gap in which people see them. */
export const newCode = (): string =>
  Array.from({ length: CODE_LENGTH }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('')

/** The code in what somebody typed: case, gaps and dashes do not matter. Undefined if there is none. */
export const readCode = (text: string): string | undefined => {
  const code = text.toUpperCase().replace(/[\s\p{Pd}]/gu, '')
  return codePattern.test(code) ? code : undefined
}

/** As people see it, in two halves: `ABCD-EFGH`. */
export const showCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`

/**
 * So few codes that all could be tried against a plain hash: this one takes the server's key.
 *
 * @param key of the server, for this purpose alone
 */
export const codeIdOf = (code: string, key: Uint8Array): string =>
  createHmac('sha256', key).update(code).digest('base64url')
