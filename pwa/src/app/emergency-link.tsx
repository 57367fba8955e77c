import { Icon } from '../ui/icon.tsx'
import styles from './emergency-link.module.css'
import { EMERGENCY_NUMBER } from './emergency-number.ts'

/** A chat is not for an emergency, and whoever is in one must not search. */
export const EmergencyLink = () => (
  <a className={styles.link} href={`tel:${EMERGENCY_NUMBER}`}>
    <Icon name="phone" size={17} />
    <span>
      Emergency? <span className={styles.number}>Call {EMERGENCY_NUMBER}</span>
    </span>
  </a>
)
