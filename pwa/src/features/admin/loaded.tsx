import type { ReactNode } from 'react'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './admin-parts.module.css'
import { ProblemNote } from './problem-note.tsx'
import type { Load } from './use-load.ts'

interface Props<T> {
  load: Load<T>
  onRetry: () => void
  children: (value: T) => ReactNode
}

/** What was asked for; until it is here, or if it does not come, the words for that. */
export function Loaded<T>({ load, onRetry, children }: Props<T>) {
  return (
    <>
      {load.phase === 'failed' && <ProblemNote problem={load.problem} onRetry={onRetry} />}
      {load.value !== null && children(load.value)}
      {load.phase === 'loading' && load.value === null && (
        <p className={styles.waiting} role="status">
          <Spinner /> Loading…
        </p>
      )}
    </>
  )
}
