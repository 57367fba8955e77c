import type { Role } from '@wardline/core/chat/role'
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { roleNames } from './account-words.ts'
import type { NewPerson, Problem, WayIn } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import parts from './admin-parts.module.css'
import { ProblemNote } from './problem-note.tsx'
import { ShownWayIn } from './shown-way-in.tsx'

/** A new account, and the link that lets its person in. */
export function InvitePerson({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} title="Invite somebody" onClose={onClose}>
      <Invite onClose={onClose} />
    </Dialog>
  )
}

function Invite({ onClose }: { onClose: () => void }) {
  const [invited, setInvited] = useState<{ user: string; name: string; wayIn: WayIn } | null>(null)
  return invited === null ? (
    <Form onInvited={(user, name, wayIn) => setInvited({ user, name, wayIn })} />
  ) : (
    <ShownWayIn wayIn={invited.wayIn} user={invited.user} name={invited.name} onDone={onClose} />
  )
}

type Kind = 'patient' | 'clinic'
const clinicRoles: readonly Role[] = ['doctor', 'staff', 'admin']

function Form({ onInvited }: { onInvited: (user: string, name: string, wayIn: WayIn) => void }) {
  const { api } = useAdmin()
  const [kind, setKind] = useState<Kind>('patient')
  const [name, setName] = useState('')
  const [birthDate, setBirthDate] = useState('')
  const [email, setEmail] = useState('')
  const [specialty, setSpecialty] = useState('')
  const [roles, setRoles] = useState<readonly Role[]>(['doctor'])
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const isDoctor = kind === 'clinic' && roles.includes('doctor')
  const isReady = name.trim() !== '' && (kind === 'patient' || roles.length > 0)

  const invite = async (event: FormEvent) => {
    event.preventDefault()
    if (busy || !isReady) return
    const person: NewPerson = {
      name: name.trim(),
      role: kind === 'patient' ? ['patient'] : roles,
      ...(email.trim() !== '' && { email: email.trim() }),
      ...(isDoctor && specialty.trim() !== '' && { specialty: specialty.trim() }),
      ...(kind === 'patient' && birthDate !== '' && { birthDate }),
    }
    setBusy(true)
    setProblem(null)
    const answer = await api.invite(person)
    setBusy(false)
    if (answer.ok)
      onInvited(answer.value.user.id, answer.value.user.name, { link: answer.value.link })
    else setProblem(answer.problem)
  }

  return (
    <form className={parts.body} onSubmit={(event) => void invite(event)} noValidate>
      <fieldset className={parts.choices}>
        <legend>Who they are</legend>
        {(
          [
            ['patient', 'A patient'],
            ['clinic', 'Somebody of the clinic'],
          ] as const
        ).map(([value, text]) => (
          <label key={value} className={parts.check}>
            <input
              type="radio"
              name="kind"
              checked={kind === value}
              onChange={() => setKind(value)}
            />
            {text}
          </label>
        ))}
      </fieldset>
      {kind === 'clinic' && (
        <fieldset className={parts.choices}>
          <legend>Roles</legend>
          {clinicRoles.map((role) => (
            <label key={role} className={parts.check}>
              <input
                type="checkbox"
                checked={roles.includes(role)}
                onChange={(event) =>
                  setRoles(
                    clinicRoles.filter((each) =>
                      each === role ? event.target.checked : roles.includes(each),
                    ),
                  )
                }
              />
              {roleNames[role]}
            </label>
          ))}
        </fieldset>
      )}
      <Field
        label="Name"
        value={name}
        maxLength={80}
        dir="auto"
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
      />
      {isDoctor && (
        <Field
          label="Specialty, if they have one"
          value={specialty}
          maxLength={80}
          dir="auto"
          autoComplete="off"
          onChange={(event) => setSpecialty(event.target.value)}
        />
      )}
      {kind === 'patient' && (
        <Field
          label="Birth date"
          type="date"
          value={birthDate}
          onChange={(event) => setBirthDate(event.target.value)}
        />
      )}
      <Field
        label="Email, if they have one"
        type="email"
        inputMode="email"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      {problem !== null && <ProblemNote problem={problem} />}
      <div className={parts.actions}>
        <Button type="submit" look="primary" disabled={busy || !isReady} aria-busy={busy}>
          {busy && <Spinner />}
          Make invitation
        </Button>
      </div>
    </form>
  )
}
