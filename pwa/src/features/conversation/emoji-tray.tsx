import { useContext } from 'react'
import styles from './composer.module.css'
import { PartsContext } from './parts.ts'

interface Props {
  id: string
  onChoose: (emoji: string) => void
  /** Esc: back to the text. */
  onLeave: () => void
}

/** Emoji for the text, below it: where a phone's keyboard was. It stays, for often it is several. */
export function EmojiTray({ id, onChoose, onLeave }: Props) {
  const { Emoji } = useContext(PartsContext)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group beside a field, not of a form.
    <div
      id={id}
      role="group"
      aria-label="Choose emoji"
      className={styles.tray}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        onLeave()
      }}
    >
      <Emoji onChoose={onChoose} />
    </div>
  )
}
