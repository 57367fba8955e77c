/** What of an account can be changed, checked before anything is stored. */
import { type BirthDate, hasBegun, parseBirthDate } from '@wardline/core/chat/birth-date'
import { err, ok, type Result } from '../errors/result.ts'
import { emailSchema, label } from './new-user.ts'
import { memberRoleOf, type Role, rolesSchema } from './role.ts'
import { normalizeEmail, type Status, type User } from './user.ts'

/** What is not there stays as it is; null takes it away. */
export interface ProfileChange {
  readonly name?: string
  /** Only of doctors. */
  readonly specialty?: string | null
  /** Only of patients, `yyyy-mm-dd`. */
  readonly birthDate?: string | null
  readonly email?: string | null
  readonly roles?: readonly string[]
  readonly status?: Status
  /** A PHC string. */
  readonly passwordHash?: string | null
  /** When the account was closed, ms. */
  readonly closedAt?: number | null
  /** Why nothing of it may be erased. */
  readonly hold?: string | null
}

/** A field that cannot be like that; `role-kind`: a patient becomes no doctor, staff or program. */
export type ProfileProblem =
  | 'bad-email'
  | 'bad-name'
  | 'bad-roles'
  | 'bad-specialty'
  | 'bad-birth-date'
  | 'bad-hold'
  | 'role-kind'

/** Characters of a reason for which an account is held. */
export const MAX_HOLD = 200

/** Names of what is another than before, in the order of the record. */
export const changedFields = (before: User, after: User): readonly (keyof User)[] =>
  (
    [
      ...(['name', 'roles', 'status', 'specialty', 'birthDate', 'email'] as const),
      ...(['passwordHash', 'closedAt', 'hold'] as const),
    ] as const
  ).filter((field) => String(before[field]) !== String(after[field]))

/** @param now milliseconds since 1970 */
export const checkProfile = (
  user: User,
  change: ProfileChange,
  now: number,
): Result<User, ProfileProblem> => {
  const name = label.safeParse(change.name ?? user.name)
  // What is there was checked when it was stored.
  if (change.name !== undefined && !name.success) return err('bad-name')
  const roles = rolesOf(user, change)
  if (!roles.ok) return roles
  const isDoctor = roles.value.includes('doctor')
  const isPatient = roles.value.includes('patient')
  const specialty = label.optional().safeParse(nextOf(change.specialty, user.specialty))
  // Who is no doctor any more has none.
  if (!specialty.success || (typeof change.specialty === 'string' && !isDoctor))
    return err('bad-specialty')
  const birthDate = nextOf(readBirthDate(change.birthDate, now), user.birthDate)
  if (birthDate === 'unborn' || (birthDate !== undefined && !isPatient))
    return err('bad-birth-date')
  const email = readEmail(nextOf(change.email, user.email))
  if (email === 'no-address') return err('bad-email')
  const hold = nextOf(change.hold, user.hold)
  if (typeof change.hold === 'string' && !isReason(change.hold)) return err('bad-hold')
  const passwordHash = nextOf(change.passwordHash, user.passwordHash)
  const closedAt = nextOf(change.closedAt, user.closedAt)
  return ok({
    id: user.id,
    name: name.data ?? user.name,
    role: memberRoleOf(roles.value),
    roles: roles.value,
    status: change.status ?? user.status,
    ...(specialty.data !== undefined && isDoctor && { specialty: specialty.data }),
    ...(birthDate !== undefined && { birthDate }),
    ...(email !== undefined && { email }),
    ...(passwordHash !== undefined && { passwordHash }),
    ...(closedAt !== undefined && { closedAt }),
    ...(hold !== undefined && { hold: hold.trim() }),
    stamp: user.stamp,
  })
}

/**
 * A patient stays one: direct chats tell by their name who of the two is the patient, and a record
 * of treatment does not change sides. The same goes for a program.
 */
const rolesOf = (
  user: User,
  { roles }: ProfileChange,
): Result<readonly Role[], 'bad-roles' | 'role-kind'> => {
  if (roles === undefined) return ok(user.roles)
  const read = rolesSchema.safeParse(roles)
  if (!read.success) return err('bad-roles')
  const kindOf = (list: readonly Role[]): string =>
    list.includes('patient') ? 'patient' : list.includes('service') ? 'service' : 'clinic'
  return kindOf(read.data) === kindOf(user.roles) ? ok(read.data) : err('role-kind')
}

const nextOf = <T>(next: T | null | undefined, before: T | undefined): T | undefined =>
  next === undefined ? before : (next ?? undefined)

const readBirthDate = (
  text: string | null | undefined,
  now: number,
): BirthDate | 'unborn' | null | undefined => {
  if (text === null || text === undefined) return text
  const date = parseBirthDate(text)
  return date !== undefined && hasBegun(date, now) ? date : 'unborn'
}

const readEmail = (text: string | undefined): string | 'no-address' | undefined => {
  if (text === undefined) return undefined
  const read = emailSchema.safeParse(normalizeEmail(text))
  return read.success ? read.data : 'no-address'
}

const isReason = (text: string): boolean => text.trim() !== '' && text.length <= MAX_HOLD
