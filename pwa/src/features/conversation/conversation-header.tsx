import type { ChatSummary, Person } from '@wardline/core/client/model/views'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Icon } from '../../ui/icon.tsx'
import { birthText } from '../../ui/time-text.ts'
import { useNow } from '../../ui/use-now.ts'
import styles from './conversation-header.module.css'
import { presenceOf } from './presence-text.ts'

interface Props {
  chat: ChatSummary
  members: readonly Person[]
  onBack: () => void
  /** Opens who is in a group. */
  onInfo?: (() => void) | undefined
  /** Opens the search in this chat, or closes it; undefined while there is nothing to search. */
  onSearch?: () => void
  searching?: boolean
}

export function ConversationHeader(props: Props) {
  const { chat, members, onBack, onInfo, onSearch, searching } = props
  const now = useNow()
  const presence = presenceOf(chat, members, now)
  // Who is in a group stands there already.
  const birthDate = chat.peer?.birthDate
  const born = birthDate === undefined ? '' : birthText(birthDate, now)
  return (
    <header className={styles.header}>
      <Button look="icon" className={styles.back} aria-label="Back to chats" onClick={onBack}>
        <Icon name="back" />
      </Button>
      <Avatar id={chat.peer?.id ?? chat.id} name={chat.title} size={42} online={chat.online} />
      <div className={styles.words}>
        <h2 className={styles.name} dir="auto">
          {chat.title}
        </h2>
        {(born !== '' || presence.text !== '') && (
          <p className={styles.status}>
            {born}
            {born !== '' && presence.text !== '' && ' · '}
            <span className={classNames(presence.active && styles.active)}>{presence.text}</span>
          </p>
        )}
      </div>
      {onSearch !== undefined && (
        <Button
          look="icon"
          aria-label="Search in this chat"
          aria-expanded={searching}
          onClick={onSearch}
        >
          <Icon name="search" />
        </Button>
      )}
      {chat.kind === 'group' && onInfo !== undefined && (
        <Button look="icon" aria-label="Group info" onClick={onInfo}>
          <Icon name="people" />
        </Button>
      )}
    </header>
  )
}
