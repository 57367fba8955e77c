import type { Composition } from './composition.ts'
import styles from './left-note.module.css'
import { UnsentText } from './unsent-text.tsx'

/** In the composer's place for who is out of a group, with what they had not sent yet. */
export function LeftNote({ composition }: { composition: Composition }) {
  return (
    <div className={styles.left} role="note">
      <p>You are no longer a member of this chat.</p>
      <UnsentText composition={composition} />
    </div>
  )
}
