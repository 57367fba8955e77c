import type { Person } from '@wardline/core/client/views'
import { birthText } from '../../ui/time-text.ts'
import { useNow } from '../../ui/use-now.ts'
import styles from './patient-line.module.css'

interface Props {
  /** Of the element, for what it describes. */
  id: string
  patient: Person
}

/** Above the composer for staff: two things to know a patient by before anything is sent. */
export function PatientLine({ id, patient }: Props) {
  const now = useNow()
  const { name, birthDate } = patient
  return (
    <p id={id} className={styles.line}>
      <bdi className={styles.name}>{name}</bdi>
      {birthDate !== undefined && (
        <>
          {' · '}
          <span className={styles.born}>born {birthText(birthDate, now)}</span>
        </>
      )}
    </p>
  )
}
