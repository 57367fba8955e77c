import type { Person } from '@wardline/core/client/model/views'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { NewLink, NewPatient, WaysInApi } from '../../sync/ways-in-api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './invite.module.css'
import { LinkToHandOn } from './link-view.tsx'

interface Props {
  open: boolean
  onClose: () => void
  api: WaysInApi
  /** A doctor's patient has a chat with them; others say with whom. */
  isDoctor: boolean
  findDoctors: () => Promise<readonly Person[]>
}

/** For doctors and staff: somebody new at the desk. */
export function InviteDialog({ open, onClose, ...props }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title="Invite a patient" tall>
      <Invite {...props} onClose={onClose} />
    </Dialog>
  )
}

interface Invited {
  id: string
  name: string
  email: string
  link: NewLink
}

function Invite({ api, isDoctor, findDoctors, onClose }: Omit<Props, 'open'>) {
  const [name, setName] = useState('')
  const [birthDate, setBirthDate] = useState('')
  const [email, setEmail] = useState('')
  const [doctors, setDoctors] = useState<readonly Person[]>([])
  const [doctor, setDoctor] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [invited, setInvited] = useState<Invited | null>(null)
  const nameInput = useRef<HTMLInputElement>(null)

  useEffect(() => {
    if (isDoctor) return
    let current = true
    void findDoctors().then((found) => current && setDoctors(found))
    return () => {
      current = false
    }
  }, [isDoctor, findDoctors])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (name.trim() === '') {
      setProblem('Enter the patient’s name.')
      nameInput.current?.focus()
      return
    }
    const patient: NewPatient = {
      name: name.trim(),
      ...(birthDate !== '' && { birthDate }),
      ...(email.trim() !== '' && { email: email.trim() }),
      ...(doctor !== '' && { doctorId: doctor }),
    }
    setBusy(true)
    setProblem(null)
    const made = await api.invite(patient)
    setBusy(false)
    if (!made.ok) {
      setProblem(
        made.code === 'bad-request'
          ? 'The name, the birth date or the email is not right. Look at them again.'
          : made.message,
      )
      return
    }
    setInvited({ ...made.value, name: patient.name, email: patient.email ?? '' })
  }

  if (invited !== null)
    return (
      <div className={styles.body}>
        <LinkToHandOn
          name={invited.name}
          email={invited.email === '' ? undefined : invited.email}
          link={invited.link}
          getCode={() => api.codeFor(invited.id)}
        />
        <Button look="primary" wide onClick={onClose}>
          Done
        </Button>
      </div>
    )
  return (
    <form className={styles.body} onSubmit={(event) => void submit(event)} noValidate>
      <Field
        label="Name"
        name="patient-name"
        autoComplete="off"
        inputRef={nameInput}
        value={name}
        onChange={(event) => setName(event.target.value)}
        aria-invalid={problem !== null}
      />
      <Field
        label="Birth date"
        type="date"
        name="patient-birth-date"
        autoComplete="off"
        value={birthDate}
        onChange={(event) => setBirthDate(event.target.value)}
      />
      <Field
        label="Email, if they have one"
        type="email"
        name="patient-email"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        inputMode="email"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      {!isDoctor && doctors.length > 0 && (
        <label className={styles.choice}>
          <span className={styles.label}>Their doctor</span>
          <select
            className={styles.select}
            value={doctor}
            onChange={(event) => setDoctor(event.target.value)}
          >
            <option value="">Choose later</option>
            {doctors.map(({ id, name: doctorName, specialty }) => (
              <option key={id} value={id}>
                {specialty === undefined ? doctorName : `${doctorName}, ${specialty}`}
              </option>
            ))}
          </select>
        </label>
      )}
      <p className={styles.soft}>
        {isDoctor
          ? 'They find a chat with you, and you can write before they are here.'
          : 'They find a chat with their doctor.'}
      </p>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <Button type="submit" look="primary" wide aria-busy={busy} disabled={busy}>
        {busy && <Spinner />}
        Make an invitation
      </Button>
    </form>
  )
}
