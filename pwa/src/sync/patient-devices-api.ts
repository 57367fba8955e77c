/** The devices of a patient, for staff who help them. They are the server's: it needs the network. */
import { type DeviceList, type DeviceResult, devicesIn } from './devices-api.ts'
import { type SignedInAnswer, type SignedInOptions, signedInRequests } from './signed-in-request.ts'

/** Nothing rejects. */
export interface PatientDevicesApi {
  list: (patient: string) => Promise<DeviceList>
  remove: (patient: string, device: string) => Promise<DeviceResult>
}

export const patientDevicesApi = (options: SignedInOptions): PatientDevicesApi => {
  const { ask } = signedInRequests(options)
  return {
    list: async (patient) => {
      const answer = await ask('GET', pathOf(patient))
      if (answer.kind !== 'answer') return problemOf(answer)
      const devices = devicesIn(answer.body)
      return devices === undefined ? problemOf({ kind: 'unreachable' }) : { ok: true, devices }
    },
    remove: async (patient, device) => {
      const answer = await ask('DELETE', `${pathOf(patient)}/${encodeURIComponent(device)}`)
      if (answer.kind === 'answer') return { ok: true }
      // It is gone already: all that was asked for.
      if (answer.kind === 'refused' && answer.code === 'device-not-found') return { ok: true }
      return problemOf(answer)
    },
  }
}

const pathOf = (patient: string): string => `/api/people/${encodeURIComponent(patient)}/devices`

const problemOf = (
  answer: Exclude<SignedInAnswer, { kind: 'answer' }>,
): { ok: false; message: string } => ({ ok: false, message: textOf(answer) })

const textOf = (answer: Exclude<SignedInAnswer, { kind: 'answer' }>): string => {
  switch (answer.kind) {
    case 'refused':
      return answer.code === 'role-refused'
        ? 'Only an administrator can help with this account.'
        : answer.message
    case 'throttled':
      return 'Too many attempts. Wait a minute and try again.'
    case 'unreachable':
      return 'This needs a connection. Try again when you are online.'
    case 'signed-out':
      return 'Sign in again to do this.'
  }
}
