import { useState, useSyncExternalStore } from 'react'
import { Button } from './button.tsx'
import type { Chunk } from './chunk.ts'
import styles from './chunk-wait.module.css'
import { EmptyState } from './empty-state.tsx'
import { Spinner } from './spinner.tsx'

interface Props {
  chunk: Chunk<unknown>
  /** The way back, where nothing else on screen is one. */
  onBack?: (() => void) | undefined
}

/** In the place of a part of the app that is on its way, or did not come. */
export function ChunkWait({ chunk, onBack }: Props) {
  const state = useSyncExternalStore(chunk.subscribe, chunk.get)
  const [trying, setTrying] = useState(false)
  const tryAgain = async () => {
    setTrying(true)
    await loadAgain(chunk)
    setTrying(false)
  }
  if (state.kind !== 'failed' && !trying)
    return (
      <p className={styles.waiting}>
        <Spinner /> Opening…
      </p>
    )
  return (
    <div role="alert" className={styles.failed}>
      <EmptyState
        title="This part of the app is not here yet"
        text="Your messages are safe on this device. Connect to the clinic, and try again."
        action={
          <span className={styles.actions}>
            {onBack !== undefined && <Button onClick={onBack}>Back</Button>}
            <Button
              look="primary"
              aria-busy={trying}
              disabled={trying}
              onClick={() => void tryAgain()}
            >
              {trying && <Spinner />}
              Try again
            </Button>
          </span>
        }
      />
    </div>
  )
}

/**
 * Some browsers remember of a file that it did not come, and an old build's is gone from the
 * server: then the page starts anew, unless there is none to be had.
 */
const loadAgain = async (chunk: Chunk<unknown>): Promise<void> => {
  try {
    await chunk.load()
  } catch {
    const page = await fetch('/index.html').catch(() => undefined)
    if (page?.ok === true) location.reload()
  }
}
