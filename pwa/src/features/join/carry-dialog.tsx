import type { WaysInApi } from '../../sync/ways-in-api.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { CarryCode } from './after-join.tsx'
import styles from './join.module.css'

/** For who installs the app later, or begins on another device of theirs. */
export function CarryDialog({
  open,
  onClose,
  api,
}: {
  open: boolean
  onClose: () => void
  api: WaysInApi
}) {
  return (
    <Dialog open={open} onClose={onClose} title="Sign in on another device">
      <div className={styles.dialog}>
        <p>
          Open the app there, also where you have just installed it on this device. Choose “I have a
          code”, and type:
        </p>
        <CarryCode api={api} />
        <p className={styles.hint}>Give it to nobody: it lets them read your messages.</p>
      </div>
    </Dialog>
  )
}
