import type { Role } from '@wardline/core/chat/role'
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { roleNames, rolesFor } from './account-words.ts'
import type { Account, AccountChange, Problem } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import parts from './admin-parts.module.css'
import { ProblemNote } from './problem-note.tsx'

interface Props {
  open: boolean
  account: Account
  onClose: () => void
  onChanged: (account: Account) => void
}

export function EditPerson({ open, account, onClose, onChanged }: Props) {
  return (
    <Dialog open={open} title={`Edit ${account.name}`} onClose={onClose}>
      <Form account={account} onClose={onClose} onChanged={onChanged} />
    </Dialog>
  )
}

function Form({ account, onClose, onChanged }: Omit<Props, 'open'>) {
  const { api, me } = useAdmin()
  const [name, setName] = useState(account.name)
  const [specialty, setSpecialty] = useState(account.specialty ?? '')
  const [birthDate, setBirthDate] = useState<string>(account.birthDate ?? '')
  const [email, setEmail] = useState(account.email ?? '')
  const [roles, setRoles] = useState<readonly Role[]>(account.roles)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const isDoctor = roles.includes('doctor')
  const isPatient = roles.includes('patient')
  const choices = rolesFor(account)

  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    const change = changeOf(account, {
      name: name.trim(),
      specialty: isDoctor ? specialty.trim() : '',
      birthDate: isPatient ? birthDate : '',
      email: email.trim(),
      roles,
    })
    if (change === null) return onClose()
    setBusy(true)
    setProblem(null)
    const answer = await api.change(account.id, change)
    setBusy(false)
    if (answer.ok) onChanged(answer.value)
    else setProblem(answer.problem)
  }

  return (
    <form className={parts.body} onSubmit={(event) => void save(event)} noValidate>
      <Field
        label="Name"
        value={name}
        maxLength={80}
        autoComplete="off"
        dir="auto"
        onChange={(event) => setName(event.target.value)}
      />
      {isDoctor && (
        <Field
          label="Specialty"
          value={specialty}
          maxLength={80}
          autoComplete="off"
          dir="auto"
          onChange={(event) => setSpecialty(event.target.value)}
        />
      )}
      {isPatient && (
        <Field
          label="Birth date"
          type="date"
          value={birthDate}
          onChange={(event) => setBirthDate(event.target.value)}
        />
      )}
      {!roles.includes('service') && (
        <Field
          label="Email, to sign in with"
          type="email"
          inputMode="email"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      )}
      {choices.length > 1 && (
        <fieldset className={parts.choices}>
          <legend>Roles</legend>
          {choices.map((role) => (
            <label key={role} className={parts.check}>
              <input
                type="checkbox"
                checked={roles.includes(role)}
                disabled={role === 'patient' || (role === 'admin' && account.id === me)}
                onChange={(event) =>
                  setRoles(
                    choices.filter((each) =>
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
      {problem !== null && <ProblemNote problem={problem} />}
      <div className={parts.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy} aria-busy={busy}>
          {busy && <Spinner />}
          Save
        </Button>
      </div>
    </form>
  )
}

interface Fields {
  readonly name: string
  readonly specialty: string
  readonly birthDate: string
  readonly email: string
  readonly roles: readonly Role[]
}

/** Only what is another; what is emptied is taken away. Null: nothing is. */
const changeOf = (before: Account, after: Fields): AccountChange | null => {
  const cleared = (field: 'specialty' | 'birthDate' | 'email') =>
    after[field] === (before[field] ?? '') ? {} : { [field]: after[field] || null }
  const change: AccountChange = {
    ...(after.name !== before.name && { name: after.name }),
    ...cleared('specialty'),
    ...cleared('birthDate'),
    ...cleared('email'),
    ...(after.roles.join() !== before.roles.join() && { roles: after.roles }),
  }
  return Object.keys(change).length === 0 ? null : change
}
