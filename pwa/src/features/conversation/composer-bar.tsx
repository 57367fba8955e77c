import { cutText } from '@wardline/core/text/cut'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './composer-bar.module.css'
import type { Message } from './message.ts'

interface Props {
  /** Whether the next message is an answer, or another text for one that is there. */
  kind: 'reply' | 'edit'
  /** Undefined while it is not loaded. */
  message: Message | undefined
  onCancel: () => void
}

const wordsOf = (message: Message | undefined): string => {
  if (message === undefined) return 'Earlier message'
  if (message.retracted) return 'This message was deleted'
  return message.text === '' ? (message.attachments[0]?.name ?? '') : cutText(message.text, 200)
}

/** Stands above the composer while it answers or edits. */
export function ComposerBar({ kind, message, onCancel }: Props) {
  const name = message?.mine ? 'yourself' : message?.authorName
  return (
    <div className={styles.bar}>
      <span className={styles.icon}>
        <Icon name={kind} size={20} />
      </span>
      <p className={styles.words}>
        <span className={styles.title}>
          {kind === 'edit' ? (
            'Edit message'
          ) : name === undefined ? (
            'Reply'
          ) : (
            <>
              Reply to <bdi>{name}</bdi>
            </>
          )}
        </span>
        <span className={styles.text} dir="auto">
          {wordsOf(message)}
        </span>
      </p>
      <Button
        look="icon"
        aria-label={kind === 'edit' ? 'Cancel editing' : 'Cancel reply'}
        // Keeps the focus, and with it a phone's keyboard, in the text.
        onPointerDown={(event) => event.preventDefault()}
        onClick={onCancel}
      >
        <Icon name="close" size={20} />
      </Button>
    </div>
  )
}
