import { statusNames } from './account-words.ts'
import type { Status } from './admin-api.ts'
import styles from './admin-parts.module.css'

/** Nothing for an account that is in use: that is the rule. */
export const StatusChip = ({ status }: { status: Status }) =>
  status === 'active' ? null : (
    <span className={styles.chip} data-status={status}>
      {statusNames[status]}
    </span>
  )
