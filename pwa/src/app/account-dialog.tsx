import type { Person } from '@wardline/core/client/model/views'
import { goToPath, isAdminPath, pathNow } from '../base/path.ts'
import { isTouch } from '../base/platform.ts'
import { LockChoice } from '../features/lock/lock-choice.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { ownRoleText } from '../ui/role-text.ts'
import styles from './account.module.css'
import { InstallRow } from './install-row.tsx'
import { LookChoices } from './look-choices.tsx'
import { NotificationSwitch } from './notification-switch.tsx'
import type { ChatPorts } from './ports.ts'
import { SoundSwitch } from './sound-switch.tsx'

interface Props extends Pick<ChatPorts, 'notifications' | 'install'> {
  open: boolean
  me: Person
  onClose: () => void
  onHelp: () => void
  onDevices: () => void
  onPassword: () => void
  onLayer: (layer: 'invite' | 'way-in' | 'passkeys' | 'carry') => void
  onSignOut: () => void
}

export function AccountDialog(props: Props) {
  const { open, me, notifications, install, onClose, onHelp, onSignOut } = props
  const { onDevices, onPassword, onLayer } = props
  const roles = me.roles ?? [me.role]
  // Who is an admin alone does both where the accounts are.
  const helps = roles.includes('staff')
  const invites = helps || roles.includes('doctor')
  return (
    <Dialog open={open} onClose={onClose} title="Account">
      <div className={styles.body}>
        <div className={styles.person}>
          <Avatar id={me.id} name={me.name} size={56} />
          <div>
            <p className={styles.name} dir="auto">
              {me.name}
            </p>
            <p className={styles.soft}>{me.specialty ?? ownRoleText(me.role, me.roles)}</p>
          </div>
        </div>
        <NotificationSwitch notifications={notifications} />
        <SoundSwitch />
        <LookChoices />
        {me.role !== 'patient' && <LockChoice />}
        {/* On an iPhone the notifications say how, for they need it. */}
        <InstallRow install={install} />
        {!isTouch() && (
          <Button wide onClick={onHelp}>
            <Icon name="keyboard" size={20} />
            Keyboard shortcuts
          </Button>
        )}
        {me.roles?.includes('admin') === true && !isAdminPath(pathNow()) && (
          <Button
            wide
            onClick={() => {
              goToPath('/admin')
              onClose()
            }}
          >
            <Icon name="people" size={20} />
            Administration
          </Button>
        )}
        {invites && (
          <Button wide onClick={() => onLayer('invite')}>
            <Icon name="addPerson" size={20} />
            Invite a patient
          </Button>
        )}
        {helps && (
          <Button wide onClick={() => onLayer('way-in')}>
            <Icon name="people" size={20} />
            Help a patient
          </Button>
        )}
        <Button wide onClick={onDevices}>
          <Icon name="device" size={20} />
          Devices
        </Button>
        <Button wide onClick={() => onLayer('carry')}>
          <Icon name="phone" size={20} />
          Sign in on another device
        </Button>
        <Button wide onClick={() => onLayer('passkeys')}>
          <Icon name="key" size={20} />
          Passkeys
        </Button>
        <Button wide onClick={onPassword}>
          <Icon name="key" size={20} />
          Change password
        </Button>
        <Button wide onClick={onSignOut}>
          <Icon name="leave" size={20} />
          Sign out
        </Button>
      </div>
    </Dialog>
  )
}
