import { useCallback, useEffect, useState } from 'react'
import type { DeviceList } from '../../sync/devices-api.ts'
import type { PatientDevicesApi } from '../../sync/patient-devices-api.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ListWait } from '../../ui/list-wait.tsx'
import { useNow } from '../../ui/use-now.ts'
import { DeviceRow } from './device-row.tsx'
import styles from './devices.module.css'
import { nameOfDevice } from './name-of-device.ts'

interface Patient {
  id: string
  name: string
}

interface Props {
  /** Who is helped; null while nobody was chosen. */
  person: Patient | null
  onClose: () => void
  api: PatientDevicesApi
  /** They need a link or a code. */
  onWayIn: () => void
}

/** A patient has lost a phone, or cannot sign in: staff remove the one and offer a way back in. */
export function PatientDevices({ person, onClose, ...rest }: Props) {
  return (
    <Dialog
      open={person !== null}
      onClose={onClose}
      title={person === null ? '' : `Help ${person.name}`}
      tall
    >
      {person !== null && <List person={person} {...rest} />}
    </Dialog>
  )
}

function List({ person, api, onWayIn }: Omit<Props, 'onClose'> & { person: Patient }) {
  const [list, setList] = useState<DeviceList | null>(null)
  const [asked, setAsked] = useState<string | null>(null)
  const [removed, setRemoved] = useState<string | null>(null)
  const now = useNow()
  const { id, name } = person
  const look = useCallback(async () => setList(await api.list(id)), [api, id])
  useEffect(() => void look(), [look])

  if (!list?.ok) return <ListWait problem={list?.message} onRetry={() => void look()} />
  const { devices } = list
  const device = devices.find((each) => each.id === asked)
  if (device !== undefined)
    return (
      <Confirm
        question={`Remove ${nameOfDevice(device)}?`}
        text={`Make sure that it is ${name} who asks for it. The device is signed out at once, and empties itself as soon as it is online; what it has not sent is lost.`}
        action="Remove"
        onCancel={() => setAsked(null)}
        onConfirm={() => api.remove(id, device.id)}
        onDone={() => {
          setRemoved(nameOfDevice(device))
          setList({ ok: true, devices: devices.filter((each) => each !== device) })
          setAsked(null)
          void look()
        }}
      />
    )
  return (
    <div className={styles.body}>
      <div role="status">
        {removed !== null && (
          <p className={styles.done}>
            <Icon name="check" size={22} />
            <span>
              <bdi>{removed}</bdi> is removed. It empties itself as soon as it is online.
            </span>
          </p>
        )}
      </div>
      <p className={styles.soft}>
        {devices.length === 0 ? (
          <>
            <bdi>{name}</bdi> is signed in nowhere.
          </>
        ) : (
          <>
            <bdi>{name}</bdi> is signed in on these. Remove what is lost or stolen.
          </>
        )}
      </p>
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets. */}
      <ul role="list" className={styles.list} aria-label="Devices">
        {devices.map((each) => (
          <DeviceRow
            key={each.id}
            device={each}
            now={now}
            onRemove={() => {
              setRemoved(null)
              setAsked(each.id)
            }}
          />
        ))}
      </ul>
      <p className={styles.soft}>Can they not sign in any more?</p>
      <Button look="primary" wide onClick={onWayIn}>
        <Icon name="key" size={20} />
        Make a link or a code
      </Button>
    </div>
  )
}
