import type { ChatSummary } from '@wardline/core/client/views'
import { cutText } from '@wardline/core/text/cut'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Icon } from '../ui/icon.tsx'
import { useSteady } from '../ui/use-steady.ts'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import styles from './new-message-notice.module.css'

interface Props {
  chat: ChatSummary | null
  /** No chat is open: on a phone the list is in view. */
  inList: boolean
  onOpen: (chat: ChatSummary) => void
  onClose: () => void
}

/** Somebody wrote in a chat that is not on screen. */
export function NewMessageNotice({ chat: written, inList, onOpen, onClose }: Props) {
  const chat = useSteady(written)
  return (
    <div className={classNames(styles.region, inList && styles.inList)} aria-live="polite">
      {chat !== null && (
        <div key={`${chat.id} ${chat.last?.at}`} className={styles.notice}>
          <button type="button" className={styles.open} onClick={() => onOpen(chat)}>
            <Avatar id={chat.peer?.id ?? chat.id} name={chat.title} size={40} />
            <span className={styles.words}>
              <VisuallyHidden>New message from </VisuallyHidden>
              <bdi className={styles.name}>{chat.title}</bdi>
              <span className={styles.text} dir="auto">
                {chat.last?.text === '' ? 'Attachment' : cutText(chat.last?.text ?? '', 120)}
              </span>
            </span>
          </button>
          <Button look="icon" aria-label="Dismiss" onClick={onClose}>
            <Icon name="close" size={18} />
          </Button>
        </div>
      )}
    </div>
  )
}
