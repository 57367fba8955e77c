import { BrandMark } from '../ui/brand-mark.tsx'
import { EmergencyLink } from './emergency-link.tsx'
import styles from './top-bar.module.css'

/** On every screen of a patient, so that the way to help is always in the same place. */
export const TopBar = () => (
  <header className={styles.bar}>
    <span className={styles.brand}>
      <BrandMark size={24} />
      Wardline
    </span>
    <EmergencyLink />
  </header>
)
