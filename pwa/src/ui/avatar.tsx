import type { CSSProperties } from 'react'
import styles from './avatar.module.css'
import { hueOf, initialsOf } from './avatar-look.ts'

interface Props {
  id: string
  name: string
  size?: number
  /** Draws the online dot. The words stand elsewhere. */
  online?: boolean
}

/** Initials on a hue of their own. Decorative: the name stands beside it. */
export function Avatar({ id, name, size = 48, online = false }: Props) {
  const style = { '--hue': hueOf(id), '--size': `${size}px` } as CSSProperties
  return (
    // Drawn by the style sheet: a button that shows it need not be called so.
    <span
      className={styles.avatar}
      style={style}
      data-initials={initialsOf(name)}
      aria-hidden="true"
    >
      {online && <span className={styles.dot} />}
    </span>
  )
}
