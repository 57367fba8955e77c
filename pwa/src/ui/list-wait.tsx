import { Button } from './button.tsx'
import styles from './list-wait.module.css'
import { Spinner } from './spinner.tsx'

interface Props {
  /** Why it did not come, in words for the person; undefined while it is on its way. */
  problem: string | undefined
  onRetry: () => void
}

/** In the place of a list that is on its way from the server, or did not come. */
export function ListWait({ problem, onRetry }: Props) {
  if (problem === undefined)
    return (
      <div className={styles.wait} role="status" aria-label="Loading">
        <Spinner />
      </div>
    )
  return (
    <div className={styles.failed}>
      <p role="alert">{problem}</p>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  )
}
