import { useMemo, useState } from 'react'
import { canUsePasskeys, passkeyProblem, usePasskey } from '../../sync/passkey-browser.ts'
import type { WaysInApi } from '../../sync/ways-in-api.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './join.module.css'
import type { SignInBy } from './join-screen.tsx'

interface Props {
  api: WaysInApi
  signInBy: SignInBy
  onDone?: () => void
  /** Absent where somebody is signed in already, and only their session ended. */
  onCode?: () => void
  onForgot?: () => void
}

/** The other ways to sign in, below the password. */
export function SignInMore({ api, signInBy, onDone, onCode, onForgot }: Props) {
  const passkeys = useMemo(canUsePasskeys, [])
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  const signIn = async () => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    const wrong = await tryPasskey(api, signInBy)
    setBusy(false)
    setProblem(wrong)
    if (wrong === null) onDone?.()
  }

  return (
    <div className={styles.more}>
      {passkeys && (
        <Button wide aria-busy={busy} disabled={busy} onClick={() => void signIn()}>
          {busy ? <Spinner /> : <Icon name="key" size={20} />}
          Sign in with a passkey
        </Button>
      )}
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      {onCode !== undefined && onForgot !== undefined && (
        <div className={styles.others}>
          <Button look="text" onClick={onCode}>
            I have a code
          </Button>
          <Button look="text" onClick={onForgot}>
            Forgot password
          </Button>
        </div>
      )}
    </div>
  )
}

/** What the person is told; null when they are in. */
const tryPasskey = async (api: WaysInApi, signInBy: SignInBy): Promise<string | null> => {
  const options = await api.passkeySignInOptions()
  if (!options.ok) return options.message
  const used = await usePasskey(options.value)
  if (used.kind !== 'done') return passkeyProblem(used) ?? null
  const result = await signInBy('/api/auth/passkeys/sign-in', { answer: used.answer })
  if (result.ok) return null
  return result.code === 'passkey-refused'
    ? 'This passkey is not known here any more. Sign in another way, or call the clinic.'
    : result.message
}
