import { type FormEvent, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './join.module.css'
import { type Credential, isEmail, type Needs } from './needs.ts'

interface Props {
  needs: Needs
  /** Whether this browser has passkeys. */
  passkeys: boolean
  busy: 'passkey' | 'password' | null
  problem: string | null
  onPasskey: (more: Credential) => void
  onPassword: (password: string, more: Credential) => void
}

const SHORTEST = 10
const LONGEST = 256

/** How somebody is going to sign in: a passkey first, a password for who prefers one. */
export function CredentialForm(props: Props) {
  const { needs, passkeys, busy, onPasskey, onPassword } = props
  const [withPassword, setWithPassword] = useState(!passkeys && !needs.passkey)
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [shown, setShown] = useState(false)
  const [missing, setMissing] = useState<string | null>(null)
  const first = useRef<HTMLInputElement>(null)
  const problem = missing ?? props.problem

  const more = (): Credential => ({
    ...(needs.name && { name: name.trim() }),
    ...(email.trim() !== '' && { email: email.trim() }),
  })
  const check = (): string | null => {
    if (needs.name && name.trim() === '') return 'Enter your name.'
    if (!withPassword) return null
    if (needs.email && !isEmail(email)) return 'Enter your email: you sign in with it.'
    if (password.length < SHORTEST) return `A password has at least ${SHORTEST} characters.`
    return password.length > LONGEST ? 'This is too long for a password.' : null
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy !== null) return
    const wrong = check()
    setMissing(wrong)
    if (wrong !== null) return first.current?.focus()
    if (withPassword) onPassword(password, more())
    else onPasskey(more())
  }
  const choose = (next: boolean) => {
    setWithPassword(next)
    setMissing(null)
  }

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {needs.name && (
        <Field
          label="Your name"
          name="name"
          autoComplete="name"
          inputRef={first}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      {withPassword && (
        <>
          {needs.email && (
            <Field
              label="Email"
              type="email"
              name="email"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              inputMode="email"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
          <PasswordField
            label="New password"
            shown={shown}
            onShow={setShown}
            name="new-password"
            autoComplete="new-password"
            {...(!needs.name && { inputRef: first })}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <p className={styles.hint}>
            At least {SHORTEST} characters. Four words that do not belong together are good.
          </p>
        </>
      )}
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      {!withPassword && !passkeys && (
        <p role="alert" className={styles.problem}>
          This browser has no passkeys, and your clinic asks for one. Open the link in another
          browser or on another device.
        </p>
      )}
      {(withPassword || passkeys) && (
        <Button
          type="submit"
          look="primary"
          wide
          aria-busy={busy !== null}
          disabled={busy !== null}
        >
          {busy !== null ? <Spinner /> : <Icon name="key" size={20} />}
          {withPassword ? 'Use this password' : 'Create a passkey'}
        </Button>
      )}
      {!withPassword && passkeys && (
        <p className={styles.hint}>
          Your fingerprint, face or screen lock signs you in. There is nothing to remember.
        </p>
      )}
      {passkeys && !needs.passkey && (
        <Button look="text" wide disabled={busy !== null} onClick={() => choose(!withPassword)}>
          {withPassword ? 'Use a passkey instead' : 'Choose a password instead'}
        </Button>
      )}
    </form>
  )
}
