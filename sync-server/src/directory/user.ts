/** Accounts, as the directory keeps them. */
import { createHash } from 'node:crypto'
import { parseUserId, type UserId } from '@wardline/core/base/ids'
import { type BirthDate, parseBirthDate } from '@wardline/core/chat/birth-date'
import { z } from 'zod'
import type { JsonObject } from '../base/json.ts'
import { type MemberRole, memberRoleOf, type Role, rolesSchema } from './role.ts'

/** In the place of a name that was erased. */
export const ERASED_NAME = 'Erased account'

export const STATUSES = ['invited', 'active', 'disabled', 'closed', 'erased'] as const

/**
 * Of an account: `invited` has nothing to sign in with yet; `disabled` is shut out until it is
 * enabled again; `closed` is shut out for good, while the chats stay for the others; of an `erased`
 * one nothing is left but that there was one. Only who is `active` can sign in, or stays so.
 */
export type Status = (typeof STATUSES)[number]

/** What everybody may know of a user. */
export interface Person {
  readonly id: UserId
  readonly name: string
  readonly role: MemberRole
  /** Only of doctors, and only when known. */
  readonly specialty?: string
}

/** What doctors may know of a patient. */
export interface Patient extends Person {
  /** Only of patients, and only when known. */
  readonly birthDate?: BirthDate
}

export interface User extends Patient {
  /** At least one; {@link Person.role} is what a chat shows of them. */
  readonly roles: readonly Role[]
  readonly status: Status
  /** As {@link normalizeEmail} leaves it. */
  readonly email?: string
  /** A PHC string; undefined for who has no password. */
  readonly passwordHash?: string
  /** When the account was closed, ms. */
  readonly closedAt?: number
  /** Why nothing of the account may be erased; undefined when it may. */
  readonly hold?: string
  /**
   * Counts changes of roles and status. An access token says with which of them it was made, and is
   * good for no other.
   */
  readonly stamp: number
}

/** Longest e-mail address that mail servers deliver to, in characters. */
export const MAX_EMAIL = 254

export const userKey = (id: UserId): string => `user/${id}`
export const USER_PREFIX = 'user/'

export const EMAIL_PREFIX = 'email/'

/** Hashed, because a key is ASCII and an address need not be. */
export const emailKey = (email: string): string =>
  `${EMAIL_PREFIX}${createHash('sha256').update(normalizeEmail(email)).digest('hex')}`

/** Two spellings of one address are one account. */
export const normalizeEmail = (email: string): string =>
  email.normalize('NFKC').trim().toLowerCase()

export const userIdSchema = z.string().transform((text, context): UserId => {
  const id = parseUserId(text)
  if (id !== undefined) return id
  context.addIssue({ code: 'custom', message: 'not a user id' })
  return z.NEVER
})

export const birthDateSchema = z.string().transform((text, context): BirthDate => {
  const date = parseBirthDate(text)
  if (date !== undefined) return date
  context.addIssue({ code: 'custom', message: 'not a birth date' })
  return z.NEVER
})

const userSchema = z.object({
  id: userIdSchema,
  email: z.string().optional(),
  name: z.string(),
  /** Of accounts from before there were several. */
  role: z.enum(['patient', 'doctor']).optional(),
  roles: rolesSchema.optional(),
  status: z.enum(STATUSES).default('active'),
  specialty: z.string().nullable(),
  birthDate: birthDateSchema.optional(),
  passwordHash: z.string().optional(),
  closedAt: z.number().optional(),
  hold: z.string().optional(),
  stamp: z.number().int().default(0),
  /** Milliseconds. */
  createdAt: z.number(),
})

/** Throws on a record that is none: the store then holds what this server did not write. */
export const readUser = (value: unknown): User => {
  const record = userSchema.parse(value)
  const roles = record.roles ?? (record.role && [record.role])
  if (roles === undefined) throw new Error(`account ${record.id} has no role`)
  const { id, name, status, specialty, birthDate, email, passwordHash, closedAt, hold } = record
  return {
    id,
    name,
    role: memberRoleOf(roles),
    roles,
    status,
    ...(specialty !== null && { specialty }),
    ...(birthDate !== undefined && { birthDate }),
    ...(email !== undefined && { email }),
    ...(passwordHash !== undefined && { passwordHash }),
    ...(closedAt !== undefined && { closedAt }),
    ...(hold !== undefined && { hold }),
    stamp: record.stamp,
  }
}

/** Milliseconds. Throws on a record that is none. */
export const createdAtOf = (value: unknown): number => userSchema.parse(value).createdAt

export const writeUser = (user: User, createdAt: number): JsonObject => ({
  id: user.id,
  email: user.email,
  name: user.name,
  roles: user.roles,
  status: user.status,
  specialty: user.specialty ?? null,
  birthDate: user.birthDate,
  passwordHash: user.passwordHash,
  closedAt: user.closedAt,
  hold: user.hold,
  stamp: user.stamp,
  createdAt,
})

/** Without what is for doctors only, whatever else there is of them. */
export const personOf = ({ id, name, role, specialty }: Person): Person => ({
  id,
  name,
  role,
  ...(specialty !== undefined && { specialty }),
})

/** With what doctors may know. */
export const patientOf = (patient: Patient): Patient => ({
  ...personOf(patient),
  ...(patient.birthDate !== undefined && { birthDate: patient.birthDate }),
})
