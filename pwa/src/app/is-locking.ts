import type { Person } from '@wardline/core/client/model/views'
import type { ClinicView } from '../base/clinic.ts'
import { isLockWished } from '../base/lock-wish.ts'

/**
 * Whether a device of such a person locks itself: nothing is shown then before the lock is asked.
 * Patients have phones of their own, which lock themselves.
 */
export const isLocking = (
  { role }: Pick<Person, 'role'>,
  { lockMinutes }: Pick<ClinicView, 'lockMinutes'>,
): boolean => role !== 'patient' && (isLockWished() || lockMinutes > 0)
