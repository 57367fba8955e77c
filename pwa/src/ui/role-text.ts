import type { MemberRole, Role } from '@wardline/core/chat/role'

const words: Readonly<Record<MemberRole, string>> = {
  patient: 'Patient',
  doctor: 'Doctor',
  staff: 'Staff',
  service: 'Program',
}

/** What somebody is, in one word. */
export const roleText = (role: MemberRole): string => words[role]

/** What the person of this device is, all of it. */
export const ownRoleText = (role: MemberRole, roles: readonly Role[] = []): string => {
  if (!roles.includes('admin')) return words[role]
  return roles.length === 1 ? 'Administration' : `${words[role]} · Administration`
}
