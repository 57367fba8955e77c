import { useContext } from 'react'
import { classNames } from '../../ui/class-names.ts'
import type { Message } from './message.ts'
import { ControlsContext } from './message-controls.ts'
import styles from './reactions.module.css'

/** Under the bubble: each emoji with its count. A press adds the own one, or takes it back. */
export function Reactions({ message }: { message: Message }) {
  const { canWrite, react } = useContext(ControlsContext)
  if (message.reactions.length === 0 || message.retracted) return null
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a message, not of a form.
    <div className={styles.reactions} role="group" aria-label="Reactions">
      {message.reactions.map(({ emoji, names, mine }) => (
        <button
          key={emoji}
          type="button"
          className={classNames(styles.reaction, mine && styles.mine)}
          aria-pressed={mine}
          // With what is seen in it, so that it can be told to a voice control.
          aria-label={`${emoji} ${names.length > 1 ? `${names.length}, ` : ''}${names.join(', ')}`}
          title={names.join(', ')}
          disabled={!canWrite}
          onClick={() => react(message, emoji)}
        >
          <span className={styles.emoji}>{emoji}</span>
          {names.length > 1 && <span className={styles.count}>{names.length}</span>}
        </button>
      ))}
    </div>
  )
}
