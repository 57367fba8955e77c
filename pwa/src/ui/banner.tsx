import type { ReactNode } from 'react'
import styles from './banner.module.css'
import { classNames } from './class-names.ts'

interface Props {
  tone?: 'calm' | 'accent' | 'danger'
  icon?: ReactNode
  text: string
  /** One that is hidden keeps its place, and gets the focus back that it gave away. */
  actions?: readonly { label: string; run: () => void; hidden?: boolean }[]
}

/** One line across the app, with what can be done about it. */
export function Banner({ tone = 'calm', icon, text, actions = [] }: Props) {
  return (
    <div className={classNames(styles.banner, styles[tone])}>
      <span className={styles.text}>
        {icon}
        <span>{text}</span>
      </span>
      {actions.length > 0 && (
        <span className={styles.actions}>
          {actions.map(({ label, run, hidden = false }) => (
            <button
              key={label}
              type="button"
              className={classNames(styles.action, hidden && styles.hidden)}
              onClick={run}
            >
              {label}
            </button>
          ))}
        </span>
      )}
    </div>
  )
}
