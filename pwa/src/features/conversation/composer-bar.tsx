import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import styles from './composer-bar.module.css'
import type { Message } from './message.ts'

/** What the next message is: an answer, or another text for one that is there. */
export interface ComposerMode {
  kind: 'reply' | 'edit'
  message: Message
}

interface Props {
  mode: ComposerMode
  onCancel: () => void
}

const wordsOf = ({ text, attachments }: Message): string =>
  text === '' ? (attachments[0]?.name ?? '') : text.slice(0, 200)

/** Stands above the composer while it answers or edits. */
export function ComposerBar({ mode, onCancel }: Props) {
  const { kind, message } = mode
  const name = message.mine ? 'yourself' : message.authorName
  return (
    <div className={styles.bar}>
      <span className={styles.icon}>
        <Icon name={kind} size={20} />
      </span>
      <p className={styles.words}>
        <span className={styles.title}>
          {kind === 'edit' ? (
            'Edit message'
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
