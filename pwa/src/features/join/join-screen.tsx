import { useEffect, useMemo, useRef, useState } from 'react'
import { deviceName } from '../../base/device-name.ts'
import { isAppleMobile, isInstalled } from '../../base/platform.ts'
import { canUsePasskeys, createPasskey, passkeyProblem } from '../../sync/passkey-browser.ts'
import {
  inPlainWords,
  type LinkSecret,
  type LinkView,
  type WaysInApi,
} from '../../sync/ways-in-api.ts'
import { Button } from '../../ui/button.tsx'
import { ClinicMark } from '../../ui/clinic-mark.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { CarryStep, InstallStep, NotesStep } from './after-join.tsx'
import { attemptFor, forgetAttempt, hasAttempted } from './attempt.ts'
import { CredentialForm } from './credential-form.tsx'
import styles from './join.module.css'
import type { Credential } from './needs.ts'
import { useLink } from './use-link.ts'
import { useRetry } from './use-retry.ts'

export type SignInBy = (
  path: string,
  body: object,
) => Promise<{ ok: true } | { ok: false; message: string; code?: string }>

interface Props {
  secret: LinkSecret
  api: WaysInApi
  signInBy: SignInBy
  /** Whose messages are on this device; null when nobody's. */
  owner: { id: string; name: string } | null
  /** Whether the browser offers to install the app. */
  installable: boolean
  onInstall: () => void
  /** The person has read the clinic's notes. */
  onNotesRead: () => void
  /** The link is used, and its address is not to be kept. */
  onJoined: () => void
  /** To the messages, or to signing in. */
  onDone: () => void
  onCode: () => void
}

type Step = 'choose' | 'notes' | 'install'
/** What was decided and not answered: it is sent again, as it is. */
type Pending = { readonly kind: 'passkey' | 'password'; readonly body: object }

/** Opening a link or a code: whom it is for, how they sign in, and what comes after. */
export function JoinScreen(props: Props) {
  const { secret, api, signInBy, owner, installable, onJoined, onDone, onNotesRead } = props
  const [link, lookAgain] = useLink(api, secret)
  const [step, setStep] = useState<Step>('choose')
  const [kind, setKind] = useState<LinkView['kind'] | null>(null)
  const [busy, setBusy] = useState<Pending['kind'] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [pending, setPending] = useState<Pending | null>(null)
  const passkeys = useMemo(canUsePasskeys, [])
  const isApple = isAppleMobile() && !isInstalled()
  const tried = useRef(false)

  const joined = (of: LinkView['kind'] | null) => {
    setKind(of)
    onJoined()
    // Who was here before has read them, and has the app.
    if (of === 'invitation') setStep('notes')
    else if (of === 'carry') onDone()
    else after(of)
  }
  const after = (of: LinkView['kind'] | null) => {
    forgetAttempt(secret)
    if (of !== 'carry' && !isInstalled() && (isApple || installable)) setStep('install')
    else onDone()
  }

  const send = async (next: Pending) => {
    setBusy(next.kind)
    setProblem(null)
    const body = { ...secret, ...next.body, attempt: attemptFor(secret) }
    const result = await signInBy('/api/auth/links/accept', body)
    setBusy(null)
    if (result.ok) return joined(link.kind === 'open' ? link.view.kind : 'invitation')
    if (result.code === 'unreachable') {
      setPending(next)
      setProblem('The connection is gone. Nothing is lost: it goes on as soon as it is back.')
      return
    }
    setPending(null)
    forgetAttempt(secret)
    if (result.code === 'link-invalid') return lookAgain()
    setProblem(inPlainWords(result.code, result.message))
  }
  useRetry(pending !== null && busy === null, () => {
    if (pending !== null) void send(pending)
  })

  // The answer of before was lost, and the page was loaded anew: it may have been done.
  useEffect(() => {
    if (link.kind !== 'refused' || tried.current || !hasAttempted(secret)) return
    tried.current = true
    const body = { ...secret, attempt: attemptFor(secret) }
    void signInBy('/api/auth/links/accept', body).then((result) => {
      if (result.ok) {
        onJoined()
        setStep('notes')
      } else if (result.code !== 'unreachable') forgetAttempt(secret)
    })
  }, [link, secret, signInBy, onJoined])

  const makePasskey = async (more: Credential) => {
    if (busy !== null) return
    setBusy('passkey')
    setProblem(null)
    const options = await api.linkPasskeyOptions(secret)
    if (!options.ok) {
      setBusy(null)
      setProblem(options.message)
      return
    }
    const made = await createPasskey(options.value)
    if (made.kind !== 'done') {
      setBusy(null)
      setProblem(passkeyProblem(made) ?? null)
      return
    }
    await send({
      kind: 'passkey',
      body: { ...more, passkey: { answer: made.answer, name: deviceName() } },
    })
  }

  return (
    <main className={styles.screen}>
      <div className={styles.card}>
        {step === 'notes' ? (
          <NotesStep
            onRead={() => {
              onNotesRead()
              after(kind)
            }}
          />
        ) : step === 'install' && isApple ? (
          <CarryStep api={api} onDone={onDone} />
        ) : step === 'install' ? (
          <InstallStep onInstall={props.onInstall} onDone={onDone} />
        ) : link.kind === 'looking' ? (
          <p className={styles.waiting}>
            <Spinner /> One moment…
          </p>
        ) : link.kind === 'offline' ? (
          <Trouble
            title="There is no connection"
            text="Your link is fine. This goes on as soon as the connection is back."
          >
            <Button look="primary" wide onClick={lookAgain}>
              Try again
            </Button>
          </Trouble>
        ) : link.kind === 'refused' ? (
          <Refused {...props} code={link.code} message={link.message} />
        ) : owner !== null && owner.id !== link.view.user.id ? (
          <Trouble
            title={`This device is ${owner.name}’s`}
            text={`The link is for ${link.view.user.name}. Open it on their device, or sign out here first and open it again.`}
          >
            <Button look="primary" wide onClick={onDone}>
              Back to the messages
            </Button>
          </Trouble>
        ) : (
          <>
            <Head view={link.view} />
            {isApple && link.view.kind === 'invitation' && (
              <p className={styles.callout}>
                <Icon name="info" size={22} />
                <span>
                  On this device the app on the home screen keeps its own messages, apart from the
                  browser’s. First choose here how you sign in. Then you get a code that takes you
                  there.
                </span>
              </p>
            )}
            {pending !== null ? (
              <>
                <p role="alert" className={styles.problem}>
                  {problem ?? 'One moment…'}
                </p>
                <Button
                  look="primary"
                  wide
                  aria-busy={busy !== null}
                  disabled={busy !== null}
                  onClick={() => void send(pending)}
                >
                  {busy !== null && <Spinner />}
                  Try again
                </Button>
              </>
            ) : link.view.needs.credential ? (
              <CredentialForm
                needs={link.view.needs}
                passkeys={passkeys}
                busy={busy}
                problem={problem}
                onPasskey={(more) => void makePasskey(more)}
                onPassword={(password, more) =>
                  void send({ kind: 'password', body: { ...more, password } })
                }
              />
            ) : (
              <>
                {problem !== null && (
                  <p role="alert" className={styles.problem}>
                    {problem}
                  </p>
                )}
                <Button
                  look="primary"
                  wide
                  aria-busy={busy !== null}
                  disabled={busy !== null}
                  onClick={() => void send({ kind: 'password', body: {} })}
                >
                  {busy !== null && <Spinner />}
                  Sign in
                </Button>
              </>
            )}
          </>
        )}
      </div>
    </main>
  )
}

/** Whom it is for, and of which clinic. */
function Head({ view }: { view: LinkView }) {
  const { kind, user, clinic } = view
  return (
    <>
      <ClinicMark size={56} />
      <h1 className={styles.title}>
        {kind === 'invitation' ? 'Welcome, ' : kind === 'reset' ? 'Hello again, ' : ''}
        {kind === 'first-admin' ? 'Welcome' : <bdi>{user.name}</bdi>}
      </h1>
      <p className={styles.text}>
        {kind === 'invitation' && (
          <>
            <bdi>{clinic}</bdi> invites you to write with them here. Choose how you are going to
            sign in.
          </>
        )}
        {kind === 'first-admin' && (
          <>
            You are the first to administer <bdi>{clinic}</bdi>. Say who you are, and choose how you
            are going to sign in.
          </>
        )}
        {kind === 'reset' && (
          <>
            Choose a new way to sign in to <bdi>{clinic}</bdi>. Passwords and passkeys of before
            work no more then, and your other devices are signed out.
          </>
        )}
        {kind === 'carry' && (
          <>
            This code signs you in to <bdi>{clinic}</bdi> here.
          </>
        )}
      </p>
      {kind === 'invitation' && (
        <p className={styles.hint}>
          Are you not <bdi>{user.name}</bdi>? Then do not go on, and tell the clinic.
        </p>
      )}
    </>
  )
}

function Trouble({
  title,
  text,
  children,
}: {
  title: string
  text: string
  children: React.ReactNode
}) {
  return (
    <>
      <ClinicMark size={56} />
      <h1 className={styles.title}>{title}</h1>
      <p className={styles.text}>{text}</p>
      {children}
    </>
  )
}

function Refused({
  code,
  message,
  owner,
  onDone,
  onCode,
}: Props & { code: string; message: string }) {
  return (
    <Trouble
      title={code === 'link-invalid' ? 'This does not work any more' : 'That did not work'}
      text={
        code === 'link-invalid'
          ? 'A link or a code works once, and not for long. If you have used it, sign in. If not, ask the clinic for a new one.'
          : message
      }
    >
      <Button look="primary" wide onClick={onDone}>
        {owner === null ? 'Sign in' : 'To my messages'}
      </Button>
      {owner === null && (
        <Button look="text" wide onClick={onCode}>
          I have a code
        </Button>
      )}
    </Trouble>
  )
}
