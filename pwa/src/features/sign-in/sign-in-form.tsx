import { type FormEvent, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './sign-in-form.module.css'

/** `code`: the server's, for who has more to say to it than the message. */
export type SignInResult = { ok: true } | { ok: false; message: string; code?: string }

interface Props {
  onSignIn: (email: string, password: string) => Promise<SignInResult>
  onDone?: () => void
}

/** As the server has them. */
const LONGEST_EMAIL = 254
const LONGEST_PASSWORD = 256

const tooLong = (email: string, password: string): string | null => {
  if (email.trim().length > LONGEST_EMAIL) return 'This is too long for an email address.'
  return password.length > LONGEST_PASSWORD ? 'This is too long for a password.' : null
}

/** Paste and password managers work; a refusal keeps what was typed. */
export function SignInForm({ onSignIn, onDone }: Props) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const emailInput = useRef<HTMLInputElement>(null)
  const passwordInput = useRef<HTMLInputElement>(null)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (email.trim() === '' || password === '') {
      setProblem(email.trim() === '' ? 'Enter your email.' : 'Enter your password.')
      ;(email.trim() === '' ? emailInput : passwordInput).current?.focus()
      return
    }
    const long = tooLong(email, password)
    if (long !== null) return setProblem(long)
    setBusy(true)
    setProblem(null)
    try {
      const result = await onSignIn(email.trim(), password)
      if (result.ok) onDone?.()
      else setProblem(result.message)
    } catch {
      setProblem('Signing in did not work. Check the connection and try again.')
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
      <Field
        label="Email"
        type="email"
        name="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        inputMode="email"
        inputRef={emailInput}
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        aria-invalid={problem !== null}
      />
      <PasswordField
        label="Password"
        shown={shown}
        onShow={setShown}
        name="password"
        autoComplete="current-password"
        inputRef={passwordInput}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        aria-invalid={problem !== null}
      />
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <Button
        type="submit"
        look="primary"
        wide
        className={styles.submit}
        aria-busy={busy}
        disabled={busy}
      >
        {busy && <Spinner />}
        Sign in
      </Button>
    </form>
  )
}
