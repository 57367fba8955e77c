import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { Problem } from './admin-api.ts'
import { useAdmin } from './admin-context.ts'
import styles from './admin-parts.module.css'

/** Why something is not here, or was not done, and what to do. */
export function ProblemNote({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const { signIn } = useAdmin()
  return (
    <div role="alert" className={problem.kind === 'refused' ? styles.refused : styles.offline}>
      {problem.kind === 'offline' && <Icon name="offline" size={20} />}
      <p>{problem.message}</p>
      {problem.kind === 'signed-out' ? (
        <Button onClick={signIn}>Sign in</Button>
      ) : (
        onRetry !== undefined && <Button onClick={onRetry}>Try again</Button>
      )}
    </div>
  )
}
