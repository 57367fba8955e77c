import { type FormEvent, useRef, useState } from 'react'
import type { DevicesApi } from '../../sync/devices-api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './devices.module.css'

/** As the server has it. */
const LONGEST_PASSWORD = 256

interface Props extends FormProps {
  open: boolean
}

interface FormProps {
  onChange: DevicesApi['changePassword']
  onClose: () => void
}

/** Another password, which ends the sessions on all other devices. */
export function ChangePassword({ open, onClose, onChange }: Props) {
  return (
    <Dialog open={open} onClose={onClose} title="Change password">
      <Form onChange={onChange} onClose={onClose} />
    </Dialog>
  )
}

function Form({ onChange, onClose }: FormProps) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState(false)
  const [problem, setProblem] = useState('')
  const currentInput = useRef<HTMLInputElement>(null)
  const nextInput = useRef<HTMLInputElement>(null)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (current === '' || next === '') {
      setProblem(current === '' ? 'Enter your current password.' : 'Enter a new password.')
      ;(current === '' ? currentInput : nextInput).current?.focus()
      return
    }
    setBusy(true)
    setProblem('')
    const result = await onChange(current, next)
    setBusy(false)
    if (result.ok) setDone(true)
    else setProblem(result.message)
  }

  if (done)
    return (
      <div className={styles.body}>
        <p className={styles.done} role="status">
          <Icon name="check" size={22} />
          <span>Your password is changed. Your other devices have to sign in with it.</span>
        </p>
        <div className={styles.buttons}>
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    )
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <PasswordField
        label="Current password"
        shown={shown}
        name="current-password"
        autoComplete="current-password"
        maxLength={LONGEST_PASSWORD}
        inputRef={currentInput}
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <PasswordField
        label="New password"
        shown={shown}
        onShow={setShown}
        name="new-password"
        autoComplete="new-password"
        maxLength={LONGEST_PASSWORD}
        inputRef={nextInput}
        value={next}
        onChange={(event) => setNext(event.target.value)}
      />
      <p className={styles.soft}>
        At least 10 characters. Your other devices are signed out, and keep what they have.
      </p>
      <p role="alert" className={styles.problem}>
        {problem}
      </p>
      <div className={styles.buttons}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" aria-busy={busy}>
          {busy && <Spinner />}
          Change password
        </Button>
      </div>
    </form>
  )
}
