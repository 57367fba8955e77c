import { type ComponentType, useEffect, useState } from 'react'
import { Spinner } from '../../ui/spinner.tsx'
import styles from './emoji.module.css'

interface Props {
  onChoose: (emoji: string) => void
}

type Loaded =
  | { kind: 'loading' }
  | { kind: 'here'; Chooser: ComponentType<Props> }
  | { kind: 'failed' }

/**
 * Every emoji there is, to choose from. They are a file of their own, of the same build, which is
 * on the device with the others but takes no part in the start of the app.
 */
export function EmojiPanel({ onChoose }: Props) {
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'loading' })
  useEffect(() => {
    let left = false
    import('./emoji-chooser.tsx').then(
      ({ EmojiChooser }) => left || setLoaded({ kind: 'here', Chooser: EmojiChooser }),
      () => left || setLoaded({ kind: 'failed' }),
    )
    return () => {
      left = true
    }
  }, [])
  if (loaded.kind === 'here') return <loaded.Chooser onChoose={onChoose} />
  return (
    <div className={styles.waiting}>
      {loaded.kind === 'loading' ? (
        <Spinner />
      ) : (
        <p role="alert">The emoji could not be loaded. Close the app and open it again.</p>
      )}
    </div>
  )
}
