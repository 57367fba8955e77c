import { useEffect, useState } from 'react'
import { telHref } from '../../base/clinic.ts'
import type { NewCode, WaysInApi } from '../../sync/ways-in-api.ts'
import { Button } from '../../ui/button.tsx'
import { useClinic } from '../../ui/clinic-context.ts'
import { Icon } from '../../ui/icon.tsx'
import { NotesText } from '../../ui/notes-text.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './join.module.css'

/** What the clinic wants somebody to have read before they write. */
export function NotesStep({ onRead }: { onRead: () => void }) {
  const { name, notes, emergencyNumber } = useClinic()
  return (
    <>
      <h1 className={styles.title}>
        Before you write to <bdi>{name}</bdi>
      </h1>
      <p className={styles.callout}>
        <Icon name="phone" size={22} />
        <span>
          A message is not for an emergency. Then call{' '}
          <a href={telHref(emergencyNumber)}>{emergencyNumber}</a>.
        </span>
      </p>
      {notes !== '' && (
        <div className={styles.notes}>
          <NotesText text={notes} />
        </div>
      )}
      <Button look="primary" wide onClick={onRead}>
        I have read this
      </Button>
    </>
  )
}

/** Lets the browser install the app, where it can. */
export function InstallStep({ onInstall, onDone }: { onInstall: () => void; onDone: () => void }) {
  return (
    <>
      <h1 className={styles.title}>Put it where you find it</h1>
      <p className={styles.text}>
        As an app it opens with one tap, tells you of new messages, and keeps them for you.
      </p>
      <Button
        look="primary"
        wide
        onClick={() => {
          onInstall()
          onDone()
        }}
      >
        <Icon name="download" size={20} />
        Install the app
      </Button>
      <Button look="text" wide onClick={onDone}>
        Go on in the browser
      </Button>
    </>
  )
}

/** On an iPhone, where the installed app begins with nothing: a code takes the sign-in there. */
export function CarryStep({ api, onDone }: { api: WaysInApi; onDone: () => void }) {
  return (
    <>
      <h1 className={styles.title}>Now the app on your home screen</h1>
      <ol className={styles.steps}>
        <li>Press Share, then “Add to Home Screen”.</li>
        <li>Open it from there, and choose “I have a code”.</li>
        <li>Type this code:</li>
      </ol>
      <CarryCode api={api} />
      <Button look="text" wide onClick={onDone}>
        Go on in the browser
      </Button>
    </>
  )
}

/** A code that carries the sign-in over, asked for when it is shown. */
export function CarryCode({ api }: { api: WaysInApi }) {
  const [code, setCode] = useState<NewCode | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [round, setRound] = useState(0)

  useEffect(() => {
    let current = true
    setProblem(null)
    void api.carry().then((outcome) => {
      if (!current) return
      if (outcome.ok) setCode(outcome.value)
      else setProblem(outcome.message)
    })
    return () => {
      current = false
    }
  }, [api, round])

  return (
    <>
      {code === null && problem === null && (
        <p className={styles.waiting}>
          <Spinner /> One moment…
        </p>
      )}
      {code !== null && (
        <p className={styles.code}>
          <span className={styles.codeText}>{code.code}</span>
          <span className={styles.hint}>It works once, for ten minutes.</span>
        </p>
      )}
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      {(code !== null || problem !== null) && (
        <Button wide onClick={() => setRound(round + 1)}>
          {code === null ? 'Try again' : 'Get another code'}
        </Button>
      )}
    </>
  )
}
