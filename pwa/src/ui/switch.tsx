import type { ReactNode } from 'react'
import styles from './switch.module.css'

interface Props {
  on: boolean
  onChange: (on: boolean) => void
  children: ReactNode
}

/** A setting that takes effect at once. */
export const Switch = ({ on, onChange, children }: Props) => (
  <button
    type="button"
    role="switch"
    aria-checked={on}
    className={styles.switch}
    onClick={() => onChange(!on)}
  >
    <span className={styles.label}>{children}</span>
    <span className={styles.track} />
  </button>
)
