import type { ListedDevice } from '../../sync/devices-api.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { dayText, lastSeenText } from '../../ui/time-text.ts'
import styles from './devices.module.css'
import { nameOfDevice } from './name-of-device.ts'

interface Props {
  device: ListedDevice
  now: number
  /** Undefined for who may not. */
  onRename?: () => void
  onRemove: (() => void) | undefined
}

export function DeviceRow({ device, now, onRename, onRemove }: Props) {
  const name = nameOfDevice(device)
  const { current, seenAt, signedInAt } = device
  return (
    <li className={styles.device}>
      <span className={classNames(styles.mark, current && styles.here)}>
        <Icon name={isCarried(name) ? 'mobile' : 'device'} size={22} />
      </span>
      <div className={styles.words}>
        <p className={styles.name} dir="auto">
          {name}
        </p>
        <p className={current ? styles.current : styles.soft}>
          {current ? 'This device' : lastSeenText(seenAt, now)}
        </p>
        <p className={styles.since}>Signed in {signedInText(signedInAt, now)}</p>
      </div>
      {onRename !== undefined && (
        <Button look="icon" aria-label={`Rename ${name}`} onClick={onRename}>
          <Icon name="edit" size={20} />
        </Button>
      )}
      {onRemove !== undefined && (
        <Button look="icon" aria-label={`Remove ${name}`} onClick={onRemove}>
          <Icon name="close" size={20} />
        </Button>
      )}
    </li>
  )
}

/** Within a sentence: "today", "on Monday", "on 3 November". */
const signedInText = (at: number, now: number): string => {
  const day = dayText(at, now)
  return day === 'Today' || day === 'Yesterday' ? day.toLowerCase() : `on ${day}`
}

/** By the words that browsers, or people, name such devices with. */
const isCarried = (name: string): boolean => /\b(?:android|iphone|ipad|phone|tablet)\b/i.test(name)
