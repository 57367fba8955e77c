/** What makes an account, checked before anything is stored. */
import { hasBegun, parseBirthDate } from '@wardline/core/chat/birth-date'
import { VISIBLE } from '@wardline/core/text/blank'
import { z } from 'zod'
import { err, ok, type Result } from '../errors/result.ts'
import { memberRoleOf, type Role, rolesSchema } from './role.ts'
import { MAX_EMAIL, normalizeEmail, type Status, type User } from './user.ts'

export interface NewUser {
  readonly id: User['id']
  readonly email?: string
  readonly name: string
  readonly roles: readonly Role[]
  /** `active`, if nothing is said. */
  readonly status?: Extract<Status, 'invited' | 'active'>
  readonly specialty?: string
  /** `yyyy-mm-dd`. */
  readonly birthDate?: string
  /** A PHC string. */
  readonly passwordHash?: string
}

export type NewUserProblem =
  | 'bad-email'
  | 'bad-name'
  | 'bad-roles'
  | 'bad-specialty'
  | 'bad-birth-date'
  | 'email-taken'
  | 'id-taken'

/**
 * Something to read on one line: no control characters, nothing that turns the text around, nor all
 * of it to be drawn as nothing. What joins letters and emoji, and the tags of flags, may be in it.
 */
export const label = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^(?:[^\p{C}]|\u200c|\u200d|[\u{e0020}-\u{e007f}])+$/u)
  .regex(VISIBLE)
export const emailSchema = z.email().max(MAX_EMAIL)

/** @param now milliseconds since 1970 */
export const checkNewUser = (input: NewUser, now: number): Result<User, NewUserProblem> => {
  const checkedEmail = emailSchema
    .optional()
    .safeParse(input.email === undefined ? undefined : normalizeEmail(input.email))
  if (!checkedEmail.success) return err('bad-email')
  const name = label.safeParse(input.name)
  if (!name.success) return err('bad-name')
  const roles = rolesSchema.safeParse(input.roles)
  if (!roles.success) return err('bad-roles')
  const specialty = label.optional().safeParse(input.specialty)
  if (!specialty.success || (specialty.data !== undefined && !roles.data.includes('doctor')))
    return err('bad-specialty')
  const birthDate = parseBirthDate(input.birthDate)
  const isBorn = birthDate !== undefined && hasBegun(birthDate, now)
  if (input.birthDate !== undefined && !(isBorn && roles.data.includes('patient')))
    return err('bad-birth-date')
  const { id, status = 'active', passwordHash } = input
  return ok({
    id,
    name: name.data,
    role: memberRoleOf(roles.data),
    roles: roles.data,
    status,
    stamp: 0,
    ...(checkedEmail.data !== undefined && { email: checkedEmail.data }),
    ...(passwordHash !== undefined && { passwordHash }),
    ...(specialty.data !== undefined && { specialty: specialty.data }),
    ...(birthDate !== undefined && { birthDate }),
  })
}
