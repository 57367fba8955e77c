import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { Spinner } from '../ui/spinner.tsx'
import styles from './account.module.css'

interface Props {
  open: boolean
  /** Messages that are only on this device and would be lost. */
  waiting: number
  onClose: () => void
  onSignOut: () => Promise<void>
}

/** Signing out empties the device, so it says what that costs. */
export function SignOutDialog({ open, waiting, onClose, onSignOut }: Props) {
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const signOut = async () => {
    setBusy(true)
    setFailed(false)
    try {
      await onSignOut()
      onClose()
    } catch {
      setFailed(true)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog open={open} onClose={onClose} title="Sign out?">
      <div className={styles.body}>
        {waiting > 0 && (
          <p className={styles.warning}>
            <Icon name="warning" size={22} />
            <span>
              {waiting === 1 ? '1 message is' : `${waiting} messages are`} not sent yet and will be
              lost. Connect first to send {waiting === 1 ? 'it' : 'them'}.
            </span>
          </p>
        )}
        <p className={styles.soft}>
          Signing out deletes your chats from this device. Everything that was sent comes back when
          you sign in again.
        </p>
        {failed && <p role="alert">Signing out did not work. Try again.</p>}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" disabled={busy} aria-busy={busy} onClick={() => void signOut()}>
            {busy && <Spinner />}
            {waiting > 0 ? 'Sign out anyway' : 'Sign out'}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
