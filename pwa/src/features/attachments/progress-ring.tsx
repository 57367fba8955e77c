import { Icon, type IconName } from '../../ui/icon.tsx'
import styles from './progress-ring.module.css'

interface Props {
  /** 0 to 1; null while it only waits. */
  share: number | null
  /** What a press does. */
  label: string
  icon: IconName
  onPress: (() => void) | undefined
}

const RADIUS = 20
const LENGTH = 2 * Math.PI * RADIUS

/** How much of a file is there, around what can be done about it. */
export function ProgressRing({ share, label, icon, onPress }: Props) {
  return (
    <button
      type="button"
      className={styles.ring}
      aria-label={label}
      disabled={onPress === undefined}
      onClick={(event) => {
        event.stopPropagation()
        onPress?.()
      }}
    >
      {share !== null && (
        <svg
          viewBox="0 0 44 44"
          role="progressbar"
          aria-label={label}
          aria-valuenow={Math.round(share * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <circle className={styles.track} cx="22" cy="22" r={RADIUS} />
          <circle
            className={styles.bar}
            cx="22"
            cy="22"
            r={RADIUS}
            strokeDasharray={LENGTH}
            strokeDashoffset={LENGTH * (1 - Math.max(share, 0.03))}
          />
        </svg>
      )}
      <Icon name={icon} size={20} />
    </button>
  )
}
