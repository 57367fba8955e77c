/** Roles, as requests and records have them. */
import { parseRoles, type Role } from '@wardline/core/chat/role'
import { z } from 'zod'

export {
  MEMBER_ROLES,
  type MemberRole,
  memberRoleOf,
  ROLES,
  type Role,
} from '@wardline/core/chat/role'

export const rolesSchema = z.array(z.string()).transform((list, context): readonly Role[] => {
  const roles = parseRoles(list)
  if (roles !== undefined) return roles
  context.addIssue({ code: 'custom', message: 'not roles of one account' })
  return z.NEVER
})
