import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useSteady } from '../ui/use-steady.ts'
import styles from './account.module.css'
import type { ChatPorts } from './ports.ts'
import { useReadable } from './use-readable.ts'

interface Props extends Pick<ChatPorts, 'install'> {
  /** Said where only the person can install; nothing is when it is left out. */
  byHand?: string
}

/** How to get the app onto the home screen; nothing where it is, or cannot be. */
export function InstallRow({ install, byHand }: Props) {
  const state = useSteady(useReadable(install.state))
  switch (state) {
    case 'none':
      return null
    case 'offered':
      return (
        <Button wide onClick={() => void install.run()}>
          <Icon name="download" size={20} />
          Install the app
        </Button>
      )
    case 'by-hand':
      return byHand === undefined ? null : (
        <p className={styles.aside}>
          <Icon name="download" size={20} />
          <span>{byHand}</span>
        </p>
      )
  }
}
