import { useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './other-ways.module.css'
import { outcomeText } from './outcome-text.ts'

interface Props {
  /** What the clinic's identity provider is called; null where there is none, or no network. */
  provider: () => Promise<string | null>
  /** Leaves the page for the provider. */
  onProvider: () => Promise<void>
  /** Why somebody who came back from there is not signed in; null when nobody did. */
  outcome: string | null
}

/** Ways to sign in beside the clinic's own password. */
export function OtherWays({ provider, onProvider, outcome }: Props) {
  const [label, setLabel] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    let gone = false
    void provider().then((found) => {
      if (!gone) setLabel(found)
    })
    return () => {
      gone = true
    }
  }, [provider])

  const go = async () => {
    setBusy(true)
    setProblem(null)
    // Without a network the browser would show a page of its own, and the app would be gone.
    if ((await provider()) !== null) return onProvider()
    setBusy(false)
    setProblem('The server cannot be reached. Check the connection and try again.')
  }

  const said = problem ?? (outcome === null ? null : outcomeText(outcome))
  if (label === null && said === null) return null
  return (
    <div className={styles.ways}>
      {label !== null && (
        <p className={styles.or} aria-hidden="true">
          or
        </p>
      )}
      {said !== null && (
        <p role="alert" className={styles.problem}>
          {said}
        </p>
      )}
      {label !== null && (
        <Button wide aria-busy={busy} disabled={busy} onClick={() => void go()}>
          {busy && <Spinner />}
          <span className={styles.label}>
            Sign in with <bdi>{label}</bdi>
          </span>
        </Button>
      )}
    </div>
  )
}
