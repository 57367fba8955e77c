import { cutText } from '@wardline/core/text/cut'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { filesText } from '../ui/file-text.ts'
import { Icon } from '../ui/icon.tsx'
import { patientsText } from '../ui/patients-text.ts'
import { useNow } from '../ui/use-now.ts'
import { useSteady } from '../ui/use-steady.ts'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import styles from './new-message-toast.module.css'
import type { NewMessage } from './use-new-messages.ts'

interface Props {
  message: NewMessage | null
  /** No chat is open: on a phone the list is in view. */
  inList: boolean
  onOpen: (message: NewMessage) => void
  onClose: () => void
}

/** Something arrived in a chat that is not on screen. */
export function NewMessageToast({ message: arrived, inList, onOpen, onClose }: Props) {
  const message = useSteady(arrived)
  return (
    <div className={classNames(styles.region, inList && styles.inList)} aria-live="polite">
      {message !== null && (
        <div key={`${message.chat.id} ${message.news.key}`} className={styles.toast}>
          <button type="button" className={styles.open} onClick={() => onOpen(message)}>
            <Words {...message} />
          </button>
          <Button look="icon" aria-label="Dismiss" onClick={onClose}>
            <Icon name="close" size={18} />
          </Button>
        </div>
      )}
    </div>
  )
}

function Words({ chat, news }: NewMessage) {
  const patients = patientsText(chat, useNow())
  return (
    <>
      <Avatar id={chat.peer?.id ?? chat.id} name={chat.title} size={40} />
      <span className={styles.words}>
        <span className={styles.line}>
          <VisuallyHidden>New message from </VisuallyHidden>
          <bdi className={styles.name}>{chat.title}</bdi>
          {news.late && <span className={styles.late}>Arrived late</span>}
        </span>
        {patients !== '' && (
          <span className={styles.text} dir="auto">
            {patients}
          </span>
        )}
        <span className={styles.text} dir="auto">
          {news.authorName !== undefined && `${news.authorName}: `}
          {news.text === '' ? filesText(news).text : cutText(news.text, 120)}
        </span>
      </span>
    </>
  )
}
