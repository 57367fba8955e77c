import type { Person } from '@wardline/core/client/model/views'
import type { ClinicView } from '../base/clinic.ts'

/** What "New chat" begins with, as the clinic lets the person; null: they begin none. */
export const startOf = (
  { role }: Pick<Person, 'role'>,
  { patientToDoctor, doctorToPatient, groups }: ClinicView['mayStart'],
): 'new-chat' | 'new-group' | null => {
  if (role === 'patient') return patientToDoctor ? 'new-chat' : null
  if (role !== 'doctor') return null
  if (doctorToPatient) return 'new-chat'
  return groups ? 'new-group' : null
}
