import type { Person } from '@wardline/core/client/model/views'
import { useCallback, useMemo, useState } from 'react'
import { deviceName } from '../base/device-name.ts'
import { PatientDevices } from '../features/devices/patient-devices.tsx'
import { InviteDialog } from '../features/invite/invite-dialog.tsx'
import { WayInDialog } from '../features/invite/way-in-dialog.tsx'
import { CarryDialog } from '../features/join/carry-dialog.tsx'
import { PersonPicker } from '../features/new-chat/person-picker.tsx'
import { Passkeys } from '../features/passkeys/passkeys.tsx'
import { patientDevicesApi } from '../sync/patient-devices-api.ts'
import type { ChatActions, ChatPorts } from './ports.ts'
import { waysInOf } from './ways-in-of.ts'

interface Props extends Pick<ChatPorts, 'access'> {
  layer: string
  onLayer: (layer: 'way-in') => void
  onClose: () => void
  me: Person
  online: readonly Person['id'][]
  actions: Pick<ChatActions, 'findMembers'>
}

/** Letting people in, and the ways in of one's own. */
export function AccessLayers({ layer, onClose, me, online, access, actions }: Props) {
  const api = useMemo(() => waysInOf(access), [access])
  const devices = useMemo(() => {
    const { getToken, dropToken } = access
    return patientDevicesApi({ getToken, dropToken })
  }, [access])
  const [helped, setHelped] = useState<Person | null>(null)
  const [needsWayIn, setNeedsWayIn] = useState(false)
  const endHelp = () => {
    setHelped(null)
    setNeedsWayIn(false)
    onClose()
  }
  const { findMembers } = actions
  const findDoctors = useCallback(
    async () => (await findMembers('')).people.filter(({ role }) => role === 'doctor'),
    [findMembers],
  )
  const findPatients = useCallback(
    async (query: string) => {
      const { people, stale } = await findMembers(query)
      return { people: people.filter(({ role }) => role === 'patient'), stale }
    },
    [findMembers],
  )
  return (
    <>
      <InviteDialog
        open={layer === 'invite'}
        onClose={onClose}
        api={api}
        isDoctor={me.role === 'doctor'}
        findDoctors={findDoctors}
      />
      <PersonPicker
        open={layer === 'way-in' && helped === null}
        title="Who needs help?"
        noun="patient"
        plural="patients"
        online={online}
        onClose={onClose}
        findPeople={findPatients}
        onChoose={async (person) => setHelped(person)}
      />
      <PatientDevices
        person={layer === 'way-in' && !needsWayIn ? helped : null}
        api={devices}
        onClose={endHelp}
        onWayIn={() => setNeedsWayIn(true)}
      />
      <WayInDialog
        person={layer === 'way-in' && needsWayIn ? helped : null}
        api={api}
        onClose={endHelp}
      />
      <Passkeys open={layer === 'passkeys'} onClose={onClose} api={api} deviceName={deviceName()} />
      <CarryDialog open={layer === 'carry'} onClose={onClose} api={api} />
    </>
  )
}
