import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'

/**
 * In the place of everything, where the device's database cannot be read: a form to sign in would
 * say that nobody is signed in here.
 */
export function StorageScreen({ problem }: { problem: string }) {
  return (
    <div role="alert">
      <EmptyState
        title="The storage of this device does not answer"
        text={`${problem} What was saved before is safe.`}
        action={
          <Button look="primary" onClick={() => location.reload()}>
            Try again
          </Button>
        }
      />
    </div>
  )
}
