import { useState } from 'react'
import { Icon } from '../ui/icon.tsx'
import { Switch } from '../ui/switch.tsx'
import styles from './account.module.css'
import type { NotificationState } from './notifications.ts'
import type { ChatPorts } from './ports.ts'
import { useReadable } from './use-readable.ts'

/** Why there is no switch, and what to do about it. */
const reasons: Partial<Record<NotificationState, string>> = {
  blocked:
    'Notifications are blocked. Allow them for Wardline in the settings of your browser or phone.',
  'install-first':
    'Install the app first: Share, then “Add to Home Screen”. Open it there to get notifications.',
  unsupported: 'This browser cannot show notifications.',
}

/** On this device only. */
export function NotificationSwitch({ notifications }: Pick<ChatPorts, 'notifications'>) {
  const state = useReadable(notifications.state)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const reason = reasons[state]
  const change = async (wanted: boolean) => {
    if (busy) return
    setBusy(true)
    setProblem(undefined)
    const result = await notifications.set(wanted)
    setBusy(false)
    if (!result.ok) setProblem(result.message)
  }
  if (reason !== undefined)
    return (
      <p className={styles.aside}>
        <Icon name="mute" size={20} />
        <span>{reason}</span>
      </p>
    )
  return (
    <>
      <Switch on={state === 'on'} onChange={(wanted) => void change(wanted)}>
        <Icon name="unread" size={20} />
        Notifications
      </Switch>
      {problem !== undefined && (
        <p role="alert" className={styles.aside}>
          <Icon name="warning" size={20} />
          <span>{problem}</span>
        </p>
      )}
    </>
  )
}
