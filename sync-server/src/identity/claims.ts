/** What somebody outside says of a person, read out of the claims of a token. */
import type { GivenRole, RoleMap } from '../config/identity-config.ts'

/** A person as an issuer knows them. What is said here is signed; whether it is enough is not. */
export interface OutsidePerson {
  readonly issuer: string
  /** Names the person there, for good. */
  readonly subject: string
  readonly name: string | undefined
  readonly email: { readonly address: string; readonly verified: boolean } | undefined
  /**
   * Those that go with what the claim says; empty when none does. Undefined where the issuer has no
   * say in roles.
   */
  readonly roles: readonly GivenRole[] | undefined
}

/** Of a subject, in characters, as OpenID Connect has it. */
const MAX_SUBJECT = 255
/** Values of one claim that are looked at. */
const MAX_VALUES = 1_000

/**
 * The claim of a name: as it stands, or, where there is none such, step by step along its dots, as
 * `realm_access.roles`.
 */
export const readClaim = (claims: Readonly<Record<string, unknown>>, name: string): unknown => {
  if (Object.hasOwn(claims, name)) return claims[name]
  let value: unknown = claims
  for (const step of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string, unknown>)[step]
  }
  return value
}

/** Undefined for what names nobody. */
export const subjectOf = (value: unknown): string | undefined => {
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  return typeof text === 'string' && text !== '' && text.length <= MAX_SUBJECT ? text : undefined
}

/** The text of a claim; undefined for anything else, and for nothing but blanks. */
export const textOf = (value: unknown): string | undefined => {
  const text = typeof value === 'string' ? value.trim() : ''
  return text === '' ? undefined : text
}

/** The roles that a claim stands for, in the order of the map; of one value or of a list of them. */
export const rolesOf = (value: unknown, map: RoleMap): readonly GivenRole[] => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const said = new Set(list.slice(0, MAX_VALUES))
  const roles = [...map].flatMap(([text, given]) => (said.has(text) ? given : []))
  return [...new Set(roles)]
}

/** @param verified what is said of the address; only `true` is taken for it */
export const emailOf = (address: unknown, verified: unknown): OutsidePerson['email'] => {
  const text = textOf(address)
  return text === undefined ? undefined : { address: text, verified: verified === true }
}
