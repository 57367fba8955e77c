import { type FormEvent, useState } from 'react'
import type { SignedInRequests } from '../../sync/signed-in-request.ts'
import { Button } from '../../ui/button.tsx'
import { ClinicMark } from '../../ui/clinic-mark.tsx'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './lock-screen.module.css'
import { type Unlocked, unlockByPasskey, unlockByPassword } from './unlock.ts'

interface Props {
  name: string
  requests: SignedInRequests
  onUnlocked: () => void
  onSignOut: () => void
}

export function LockScreen({ name, requests, onUnlocked, onSignOut }: Props) {
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState('')

  const prove = async (attempt: Promise<Unlocked>) => {
    setBusy(true)
    setProblem('')
    const result = await attempt
    setBusy(false)
    if (result.ok) return onUnlocked()
    setProblem(result.message)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!busy && password !== '') void prove(unlockByPassword(requests, password))
  }

  return (
    <main className={styles.screen}>
      <form className={styles.card} onSubmit={submit}>
        <ClinicMark size={56} />
        <h1 className={styles.title}>Locked</h1>
        <p>
          This device is <bdi>{name}</bdi>’s. It was not touched for a while.
        </p>
        <Field
          label="Password"
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          aria-invalid={problem !== ''}
        />
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
        <Button
          type="submit"
          look="primary"
          wide
          disabled={busy || password === ''}
          aria-busy={busy}
        >
          {busy && <Spinner />}
          Unlock
        </Button>
        {'PublicKeyCredential' in window && (
          <Button wide disabled={busy} onClick={() => void prove(unlockByPasskey(requests))}>
            <Icon name="key" size={20} />
            Use a passkey
          </Button>
        )}
        <Button wide look="text" onClick={onSignOut}>
          Sign out instead
        </Button>
        <p className={styles.note}>
          The lock hides what is on the screen. It keeps out who passes by, and not who takes the
          device apart.
        </p>
      </form>
    </main>
  )
}
