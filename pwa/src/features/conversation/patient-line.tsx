import type { Person } from '@wardline/core/client/model/views'
import { Fragment } from 'react'
import { bornText } from '../../ui/patients-text.ts'
import { useNow } from '../../ui/use-now.ts'
import styles from './patient-line.module.css'

interface Props {
  /** Of the element, for what it describes. */
  id: string
  patients: readonly Person[]
}

/** With more of them, the members of the group say who they are. */
const MOST = 3

/** Above the composer for staff: two things to know a patient by before anything is sent. */
export function PatientLine({ id, patients }: Props) {
  const now = useNow()
  const named = patients.length > MOST ? patients.slice(0, MOST - 1) : patients
  const rest = patients.length - named.length
  return (
    <p id={id} className={styles.line}>
      {named.map((patient, n) => {
        const born = bornText(patient, now)
        return (
          <Fragment key={patient.id}>
            {n > 0 && '; '}
            <bdi className={styles.name}>{patient.name}</bdi>
            {born !== '' && (
              <>
                {' · '}
                <span className={styles.born}>{born}</span>
              </>
            )}
          </Fragment>
        )
      })}
      {rest > 0 && `; and ${rest} more patients`}
    </p>
  )
}
