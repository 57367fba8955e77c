import type { Person } from '@wardline/core/client/model/views'
import { useEffect, useState } from 'react'
import type { NewLink, WaysInApi } from '../../sync/ways-in-api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './invite.module.css'
import { LinkToHandOn } from './link-view.tsx'

interface Props {
  /** Who cannot sign in; null while nobody was chosen. */
  person: Person | null
  onClose: () => void
  api: WaysInApi
}

/** A new way to sign in for a patient who has lost theirs. */
export function WayInDialog({ person, onClose, api }: Props) {
  return (
    <Dialog
      open={person !== null}
      onClose={onClose}
      title={person === null ? '' : `Let ${person.name} sign in again`}
      tall
    >
      {person !== null && <WayIn person={person} onClose={onClose} api={api} />}
    </Dialog>
  )
}

function WayIn({ person, onClose, api }: Props & { person: Person }) {
  const [link, setLink] = useState<NewLink | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const { id, name } = person

  useEffect(() => {
    let current = true
    void api.linkFor(id).then((made) => {
      if (!current) return
      if (made.ok) setLink(made.value)
      else setProblem(made.message)
    })
    return () => {
      current = false
    }
  }, [api, id])

  return (
    <div className={styles.body}>
      {link === null && problem === null && (
        <p className={styles.waiting}>
          <Spinner /> One moment…
        </p>
      )}
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      {link !== null && (
        <>
          <p className={styles.soft}>
            Make sure that it is <bdi>{name}</bdi> to whom you give it. When it is used, their
            passwords and passkeys of before work no more, and their other devices are signed out.
          </p>
          <LinkToHandOn name={name} link={link} getCode={() => api.codeFor(id)} />
        </>
      )}
      <Button look="primary" wide onClick={onClose}>
        Done
      </Button>
    </div>
  )
}
