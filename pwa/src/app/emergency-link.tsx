import { telHref } from '../base/clinic.ts'
import { useClinic } from '../ui/clinic-context.ts'
import { Icon } from '../ui/icon.tsx'
import styles from './emergency-link.module.css'

/** A chat is not for an emergency, and whoever is in one must not search. */
export const EmergencyLink = () => {
  const { emergencyNumber } = useClinic()
  return (
    <a className={styles.link} href={telHref(emergencyNumber)}>
      <Icon name="phone" size={17} />
      <span>
        Emergency? <span className={styles.number}>Call {emergencyNumber}</span>
      </span>
    </a>
  )
}
