/** Reads a person from what a disk or a server gave; undefined when it is none. */

import { parseUserId } from '../../base/ids.ts'
import { parseBirthDate } from '../../chat/birth-date.ts'
import type { Person } from './views.ts'

export const parsePerson = (value: unknown): Person | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const { id, name, role, specialty, birthDate } = value as Record<string, unknown>
  const user = typeof id === 'string' ? parseUserId(id) : undefined
  if (user === undefined || typeof name !== 'string') return undefined
  if (role !== 'patient' && role !== 'doctor') return undefined
  const born = parseBirthDate(birthDate)
  return {
    id: user,
    name,
    role,
    ...(typeof specialty === 'string' && { specialty }),
    ...(born !== undefined && { birthDate: born }),
  }
}
