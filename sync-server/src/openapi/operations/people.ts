import { peopleSchemas } from '../../api/chat-schemas.ts'
import type { Operation, Parameter } from './operation.ts'

const query: Parameter = {
  name: 'query',
  in: 'query',
  description:
    'Words that all have to occur in the name, the specialty or, of patients, the birth date, however they are written.',
  schema: { type: 'string', maxLength: 100 },
  example: 'ada',
}

export const peopleOperations: readonly Operation[] = [
  {
    id: 'listDoctors',
    method: 'get',
    path: '/api/chat/doctors',
    tag: 'People',
    summary: 'Find doctors',
    signedIn: true,
    parameters: [query],
    answers: {
      200: {
        description: 'At most 100, by name.',
        json: { name: 'DoctorList', schema: peopleSchemas.doctors },
      },
    },
    errors: ['role-refused', 'too-many-requests'],
  },
  {
    id: 'listStaff',
    method: 'get',
    path: '/api/chat/staff',
    tag: 'People',
    summary: 'Find staff; for doctors and staff',
    signedIn: true,
    parameters: [query],
    answers: {
      200: {
        description: 'At most 100, by name.',
        json: { name: 'StaffList', schema: peopleSchemas.staff },
      },
    },
    errors: ['role-refused', 'too-many-requests'],
  },
  {
    id: 'listPatients',
    method: 'get',
    path: '/api/chat/patients',
    tag: 'People',
    summary: 'Find patients; for doctors and staff',
    signedIn: true,
    parameters: [query],
    answers: {
      200: {
        description: 'At most 100, by name.',
        json: { name: 'PatientList', schema: peopleSchemas.patients },
      },
    },
    errors: ['role-refused', 'too-many-requests'],
  },
]
