import styles from './left-notice.module.css'

/** In the composer's place for who is out of a group. */
export function LeftNotice() {
  return (
    <p className={styles.left} role="note">
      You are no longer a member of this chat.
    </p>
  )
}
