import { Icon } from '../../ui/icon.tsx'
import styles from './person-picker.module.css'

/** Above those to start a chat with: who is not here yet. */
export function InviteRow({ onClick }: { onClick: () => void }) {
  return (
    <div className={styles.first}>
      <button type="button" className={styles.person} onClick={onClick}>
        <span className={styles.sign}>
          <Icon name="addPerson" size={24} />
        </span>
        <span className={styles.words}>
          <span className={styles.name}>Invite a patient</span>
          <span className={styles.detail}>Who is not here yet</span>
        </span>
      </button>
    </div>
  )
}
