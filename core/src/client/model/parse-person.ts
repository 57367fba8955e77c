/** Reads a person from what a disk or a server gave; undefined when it is none. */

import { parseUserId } from '../../base/ids.ts'
import { parseBirthDate } from '../../chat/birth-date.ts'
import { parseMemberRole, parseRoles } from '../../chat/role.ts'
import type { Person } from './views.ts'

export const parsePerson = (value: unknown): Person | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const { id, name, specialty, birthDate, ...rest } = value as Record<string, unknown>
  const user = typeof id === 'string' ? parseUserId(id) : undefined
  if (user === undefined || typeof name !== 'string') return undefined
  const role = parseMemberRole(rest.role)
  if (role === undefined) return undefined
  const roles = parseRoles(rest.roles)
  const born = parseBirthDate(birthDate)
  return {
    id: user,
    name,
    role,
    ...(roles !== undefined && { roles }),
    ...(typeof specialty === 'string' && { specialty }),
    ...(born !== undefined && { birthDate: born }),
  }
}
