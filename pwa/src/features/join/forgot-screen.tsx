import { type FormEvent, useEffect, useState } from 'react'
import type { WaysInApi } from '../../sync/ways-in-api.ts'
import { Button } from '../../ui/button.tsx'
import { ClinicMark } from '../../ui/clinic-mark.tsx'
import { Field } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './join.module.css'
import { isEmail } from './needs.ts'

interface Props {
  api: WaysInApi
  onCode: () => void
  onBack: () => void
}

/** For who cannot sign in: a mail, where the clinic sends some, or a call. */
export function ForgotScreen({ api, onCode, onBack }: Props) {
  const [mail, setMail] = useState(false)
  const [email, setEmail] = useState('')
  const [busy, setBusy] = useState(false)
  const [sent, setSent] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  useEffect(() => {
    let current = true
    void api.hasMail().then((has) => current && setMail(has))
    return () => {
      current = false
    }
  }, [api])

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    if (!isEmail(email)) return setProblem('Enter your email.')
    setBusy(true)
    setProblem(null)
    const asked = await api.requestReset(email.trim())
    setBusy(false)
    if (asked.ok) setSent(true)
    else setProblem(asked.message)
  }

  return (
    <main className={styles.screen}>
      <div className={styles.card}>
        <ClinicMark size={56} />
        <h1 className={styles.title}>Sign in again</h1>
        <p className={styles.text}>
          Call the clinic: they can read a code out to you, or make you a link.
        </p>
        {mail && !sent && (
          <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
            <Field
              label="Or have a link sent to your email"
              type="email"
              name="email"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              inputMode="email"
              value={email}
              onChange={(event) => setEmail(event.target.value)}
              aria-invalid={problem !== null}
            />
            {problem !== null && (
              <p role="alert" className={styles.problem}>
                {problem}
              </p>
            )}
            <Button type="submit" wide aria-busy={busy} disabled={busy}>
              {busy && <Spinner />}
              Send me a link
            </Button>
          </form>
        )}
        {sent && (
          <p role="status" className={styles.callout}>
            <Icon name="check" size={22} />
            <span>
              If there is an account with this address, a mail is on its way. It may take some
              minutes.
            </span>
          </p>
        )}
        <Button look="primary" wide onClick={onCode}>
          I have a code
        </Button>
        <Button look="text" wide onClick={onBack}>
          Back
        </Button>
      </div>
    </main>
  )
}
