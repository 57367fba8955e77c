import { Icon } from '../../ui/icon.tsx'
import styles from './person-picker.module.css'

/** Above those to start a chat with: a chat with several of them. */
export function NewGroupRow({ onClick }: { onClick: () => void }) {
  return (
    <div className={styles.first}>
      <button type="button" className={styles.person} onClick={onClick}>
        <span className={styles.sign}>
          <Icon name="people" size={24} />
        </span>
        <span className={styles.words}>
          <span className={styles.name}>New group</span>
          <span className={styles.detail}>Doctors and patients in one chat</span>
        </span>
      </button>
    </div>
  )
}
