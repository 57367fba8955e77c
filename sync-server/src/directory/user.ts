/** Accounts, as the directory keeps them. */
import { createHash } from 'node:crypto'
import { parseUserId, type UserId } from '@wardline/core/base/ids'
import { type BirthDate, parseBirthDate } from '@wardline/core/chat/birth-date'
import { z } from 'zod'
import type { JsonObject } from '../base/json.ts'

export type Role = 'patient' | 'doctor'

/** What everybody may know of a user. */
export interface Person {
  readonly id: UserId
  readonly name: string
  readonly role: Role
  /** Only of doctors, and only when known. */
  readonly specialty?: string
}

/** What doctors may know of a patient. */
export interface Patient extends Person {
  /** Only of patients, and only when known. */
  readonly birthDate?: BirthDate
}

export interface User extends Patient {
  /** As {@link normalizeEmail} leaves it. */
  readonly email: string
  /** A PHC string. */
  readonly passwordHash: string
}

/** Longest e-mail address that mail servers deliver to, in characters. */
export const MAX_EMAIL = 254

export const userKey = (id: UserId): string => `user/${id}`
export const USER_PREFIX = 'user/'

/** Hashed, because a key is ASCII and an address need not be. */
export const emailKey = (email: string): string =>
  `email/${createHash('sha256').update(normalizeEmail(email)).digest('hex')}`

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
  email: z.string(),
  name: z.string(),
  role: z.enum(['patient', 'doctor']),
  specialty: z.string().nullable(),
  birthDate: birthDateSchema.optional(),
  passwordHash: z.string(),
  /** Milliseconds. */
  createdAt: z.number(),
})

/** Throws on a record that is none: the store then holds what this server did not write. */
export const readUser = (value: unknown): User => {
  const { specialty, birthDate, createdAt: _, ...user } = userSchema.parse(value)
  return {
    ...user,
    ...(specialty !== null && { specialty }),
    ...(birthDate !== undefined && { birthDate }),
  }
}

/** Milliseconds. Throws on a record that is none. */
export const createdAtOf = (value: unknown): number => userSchema.parse(value).createdAt

export const writeUser = (user: User, createdAt: number): JsonObject => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  specialty: user.specialty ?? null,
  birthDate: user.birthDate,
  passwordHash: user.passwordHash,
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
