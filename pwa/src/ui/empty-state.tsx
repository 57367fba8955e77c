import type { ReactNode } from 'react'
import styles from './empty-state.module.css'

interface Props {
  art?: ReactNode
  title: string
  text?: string
  action?: ReactNode
}

export function EmptyState({ art, title, text, action }: Props) {
  return (
    <div className={styles.empty}>
      {art !== undefined && <div className={styles.art}>{art}</div>}
      <h2 className={styles.title}>{title}</h2>
      {text !== undefined && <p className={styles.text}>{text}</p>}
      {action !== undefined && <div className={styles.action}>{action}</div>}
    </div>
  )
}
