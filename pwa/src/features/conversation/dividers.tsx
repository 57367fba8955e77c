import type { Ref } from 'react'
import styles from './dividers.module.css'

/** From the top of its row to the top of the pill, and the pill's height, in pixels at 16 px text. */
export const PILL_INSET = 16
export const FLOAT_TOP = 8

export const DayPill = ({ label }: { label: string }) => (
  <div className={styles.day}>
    <h3 className={styles.pill}>{label}</h3>
  </div>
)

/** The day of what is in view. The same words stand in the timeline, so it is for the eye only. */
export const FloatingDay = ({
  label,
  pillRef,
}: {
  label: string
  pillRef: Ref<HTMLSpanElement>
}) => (
  <div className={styles.floating} aria-hidden="true" hidden={label === ''}>
    <span ref={pillRef} className={styles.pill}>
      {label}
    </span>
  </div>
)

export const UnreadDivider = ({ count }: { count: number }) => (
  <div className={styles.unread}>
    <span>{count} unread</span>
  </div>
)
