import { devicesOfPerson } from '../../admin/operations/devices.ts'
import type { Operation, Parameter } from './operation.ts'

const id: Parameter = {
  name: 'id',
  in: 'path',
  description: 'Of the patient.',
  required: true,
  schema: { type: 'string' },
}

/** What staff may do with the devices of a patient. */
export const patientDeviceOperations: readonly Operation[] = [
  {
    id: 'listPatientDevices',
    method: 'get',
    path: '/api/people/{id}/devices',
    tag: 'People',
    summary: 'The devices that a patient is signed in on; for staff and administrators',
    description: 'Of an account that is a patient’s and nothing more. Nothing of where they are.',
    signedIn: true,
    parameters: [id],
    answers: {
      200: { description: 'At most 50.', json: devicesOfPerson },
    },
    errors: ['role-refused', 'user-not-found', 'too-many-requests'],
  },
  {
    id: 'removePatientDevice',
    method: 'delete',
    path: '/api/people/{id}/devices/{device}',
    tag: 'People',
    summary: 'Remove a device of a patient; for staff and administrators',
    description:
      'Its session ends at once: its sockets are closed, its tokens refused, its notifications end. When it comes again it is answered `device-removed-by-clinic` and empties itself.',
    signedIn: true,
    parameters: [
      id,
      {
        name: 'device',
        in: 'path',
        description: 'Of the list of devices.',
        required: true,
        schema: { type: 'string', maxLength: 100 },
      },
    ],
    answers: { 204: { description: 'It is over.' } },
    errors: ['role-refused', 'user-not-found', 'device-not-found', 'too-many-requests'],
  },
]
