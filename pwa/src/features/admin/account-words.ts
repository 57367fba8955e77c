/** Accounts in words. */
import type { Role } from '@wardline/core/chat/role'
import type { Account, Status } from './admin-api.ts'

export const roleNames: Readonly<Record<Role, string>> = {
  patient: 'Patient',
  doctor: 'Doctor',
  staff: 'Staff',
  admin: 'Admin',
  service: 'Program',
}

/** "Doctor, Admin" */
export const rolesText = (roles: readonly Role[]): string =>
  roles.map((role) => roleNames[role]).join(', ')

export const statusNames: Readonly<Record<Status, string>> = {
  invited: 'Invited',
  active: 'Active',
  disabled: 'Disabled',
  closed: 'Closed',
  erased: 'Erased',
}

/** What stands under a name in a list, but for the birth date. */
export const detailOf = ({ roles, specialty, email }: Account): string =>
  [rolesText(roles), specialty, email].filter(Boolean).join(' · ')

/** Roles that one account can have together; see core/chat/role. */
export const rolesFor = (account: Account): readonly Role[] =>
  account.roles.includes('service')
    ? ['service']
    : account.roles.includes('patient')
      ? ['patient', 'admin']
      : ['doctor', 'staff', 'admin']

export const methodNames: Readonly<Record<string, string>> = {
  password: 'with a password',
  passkey: 'with a passkey',
  oidc: 'with the identity provider',
  link: 'with a link or a code',
  outside: 'from another portal',
}
