import { clinicSettingsSchema } from '../../clinic/clinic-settings.ts'
import type { Operation } from './operation.ts'

export const clinicOperations: readonly Operation[] = [
  {
    id: 'getClinic',
    method: 'get',
    path: '/api/clinic',
    tag: 'Clinic',
    summary: 'How the clinic presents itself, and what it allows',
    description: 'For everybody: apps show it before anybody has signed in.',
    signedIn: false,
    parameters: [
      {
        name: 'If-None-Match',
        in: 'header',
        description: 'The ETag of an answer before: the next has a body only if it is another.',
        schema: { type: 'string' },
      },
    ],
    answers: {
      200: {
        description: 'The settings.',
        json: { name: 'Clinic', schema: clinicSettingsSchema },
        headers: { ETag: 'Names exactly these settings.' },
      },
      304: { description: 'Nothing has changed.', headers: { ETag: 'As it was sent.' } },
    },
    errors: [],
  },
]
