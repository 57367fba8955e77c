/** What makes an account, checked before anything is stored. */
import { z } from 'zod'
import { err, ok, type Result } from '../errors/result.ts'
import { MAX_EMAIL, normalizeEmail, type Role, type User } from './user.ts'

export interface NewUser {
  readonly id: User['id']
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly specialty?: string
  readonly passwordHash: string
}

export type NewUserProblem = 'bad-email' | 'bad-name' | 'bad-specialty' | 'email-taken' | 'id-taken'

/** Something to read on one line: no control characters, nothing that turns the text around. */
export const label = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{C}]+$/u)
const email = z.email().max(MAX_EMAIL)

export const checkNewUser = (input: NewUser): Result<User, NewUserProblem> => {
  const checkedEmail = email.safeParse(normalizeEmail(input.email))
  if (!checkedEmail.success) return err('bad-email')
  const name = label.safeParse(input.name)
  if (!name.success) return err('bad-name')
  const user = { ...input, email: checkedEmail.data, name: name.data }
  if (input.specialty === undefined) return ok(user)
  const specialty = label.safeParse(input.specialty)
  if (!specialty.success || input.role !== 'doctor') return err('bad-specialty')
  return ok({ ...user, specialty: specialty.data })
}
