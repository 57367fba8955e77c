import { useClinic } from '../ui/clinic-context.ts'
import { ClinicMark } from '../ui/clinic-mark.tsx'
import { EmergencyLink } from './emergency-link.tsx'
import styles from './top-bar.module.css'

/** On every screen of a patient, so that the way to help is always in the same place. */
export const TopBar = () => {
  const { name } = useClinic()
  return (
    <header className={styles.bar}>
      <span className={styles.brand}>
        <ClinicMark size={24} />
        <span className={styles.name} dir="auto">
          {name}
        </span>
      </span>
      <EmergencyLink />
    </header>
  )
}
