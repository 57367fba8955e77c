/**
 * What somebody is. An account has one role or several; of these a chat shows one, that of the
 * member.
 */

/** In the order in which lists of roles have them. */
export const ROLES = ['patient', 'doctor', 'staff', 'admin', 'service'] as const

/**
 * `staff` are nurses and the reception; `admin` looks after people and settings and sees no message
 * for it; `service` is a program.
 */
export type Role = (typeof ROLES)[number]

export const MEMBER_ROLES = ['patient', 'doctor', 'staff', 'service'] as const

/** What others in a chat see somebody as. */
export type MemberRole = (typeof MEMBER_ROLES)[number]

export const parseMemberRole = (value: unknown): MemberRole | undefined =>
  MEMBER_ROLES.find((role) => role === value)

/**
 * Roles that one account can have together, once each and in the order of {@link ROLES}; undefined
 * for anything else: none, an unknown one, a program that is something besides, a patient who is a
 * doctor or staff as well.
 */
export const parseRoles = (value: unknown): readonly Role[] | undefined => {
  if (!Array.isArray(value) || value.length > ROLES.length) return undefined
  const roles = ROLES.filter((role) => value.includes(role))
  if (roles.length === 0 || roles.length !== new Set(value).size) return undefined
  if (roles.includes('service') && roles.length > 1) return undefined
  const isClinic = roles.includes('doctor') || roles.includes('staff')
  return roles.includes('patient') && isClinic ? undefined : roles
}

/** As a chat shows an account with these roles; who is an admin alone is seen as staff. */
export const memberRoleOf = (roles: readonly Role[]): MemberRole =>
  roles.includes('doctor')
    ? 'doctor'
    : roles.includes('staff')
      ? 'staff'
      : roles.includes('patient')
        ? 'patient'
        : roles.includes('service')
          ? 'service'
          : 'staff'

/** Doctors and staff know when the patients were born with whom they have to do. */
export const knowsBirthDates = (role: MemberRole): boolean => role === 'doctor' || role === 'staff'
