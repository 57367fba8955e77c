import { useCallback, useEffect, useState } from 'react'
import type { DeviceList, DevicesApi } from '../../sync/devices-api.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ListWait } from '../../ui/list-wait.tsx'
import { RenameForm } from '../../ui/rename-form.tsx'
import { useNow } from '../../ui/use-now.ts'
import { DeviceRow } from './device-row.tsx'
import styles from './devices.module.css'
import { nameOfDevice } from './name-of-device.ts'

/** As the server has it, in UTF-16 units. */
const LONGEST_NAME = 80

interface Props extends DevicesProps {
  open: boolean
  onClose: () => void
}

interface DevicesProps {
  devices: DevicesApi
  /** Messages that are only on this device and would be lost. */
  waiting: number
  /** Ends the sessions of all devices, and empties this one. Resolves with words for what went wrong. */
  onSignOutEverywhere: () => Promise<{ ok: true } | { ok: false; message: string }>
}

/** Where the person is signed in; they remove from here what they have lost or sold. */
export function Devices({ open, onClose, ...rest }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title="Devices" tall>
      <List {...rest} />
    </Dialog>
  )
}

type Asking = { what: 'rename' | 'remove'; id: string } | { what: 'everywhere' } | null

function List({ devices, waiting, onSignOutEverywhere }: DevicesProps) {
  const [list, setList] = useState<DeviceList | null>(null)
  const [asking, setAsking] = useState<Asking>(null)
  const now = useNow()
  const look = useCallback(async () => setList(await devices.list()), [devices])
  useEffect(() => void look(), [look])
  const back = () => {
    setAsking(null)
    void look()
  }

  if (!list?.ok) return <ListWait problem={list?.message} onRetry={() => void look()} />
  if (asking?.what === 'everywhere')
    return (
      <Confirm
        question="Sign out everywhere?"
        text="All your devices are signed out and delete your chats, this one too. Everything that was sent comes back when you sign in again."
        warning={
          waiting === 0
            ? undefined
            : `${waiting === 1 ? '1 message is' : `${waiting} messages are`} not sent from this device yet and will be lost.`
        }
        action={waiting > 0 ? 'Sign out anyway' : 'Sign out everywhere'}
        onCancel={() => setAsking(null)}
        onConfirm={onSignOutEverywhere}
      />
    )
  const asked = list.devices.find(({ id }) => id === asking?.id)
  if (asking?.what === 'rename' && asked !== undefined)
    return (
      <RenameForm
        label="Name of the device"
        name={nameOfDevice(asked)}
        maxLength={LONGEST_NAME}
        problemOf={(name) => (name.trim() === '' ? 'Give it a name.' : null)}
        onRename={(name) => devices.rename(asked.id, name)}
        onClose={back}
      />
    )
  if (asking?.what === 'remove' && asked !== undefined)
    return (
      <Confirm
        question={`Remove ${nameOfDevice(asked)}?`}
        text="It is signed out at once, and deletes your chats as soon as it is online. What it has not sent yet can be copied there first."
        action="Remove"
        onCancel={() => setAsking(null)}
        onConfirm={() => devices.remove(asked.id)}
        onDone={back}
      />
    )
  return (
    <div className={styles.body}>
      <p className={styles.soft}>
        You are signed in on these. Remove what you have lost, or do not know.
      </p>
      {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets. */}
      <ul role="list" className={styles.list} aria-label="Devices">
        {[...list.devices]
          .sort((a, b) => Number(b.current) - Number(a.current))
          .map((device) => (
            <DeviceRow
              key={device.id}
              device={device}
              now={now}
              onRename={() => setAsking({ what: 'rename', id: device.id })}
              onRemove={
                device.current ? undefined : () => setAsking({ what: 'remove', id: device.id })
              }
            />
          ))}
      </ul>
      <Button wide onClick={() => setAsking({ what: 'everywhere' })}>
        <Icon name="leave" size={20} />
        Sign out everywhere
      </Button>
    </div>
  )
}
