/** A part of the list with a place of its own: a row that leads there, and a head with the way back. */
import type { ChatSummary } from '@wardline/core/client/model/views'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { isUnread } from './chat-actions.ts'
import styles from './folder.module.css'

interface Props {
  icon: IconName
  name: string
  chats: readonly ChatSummary[]
  /** How it stands with it, if there is something to say. */
  note?: string | undefined
  onOpen: () => void
}

/** Nothing while there are no chats in it. */
export function FolderRow({ icon, name, chats, note, onOpen }: Props) {
  if (chats.length === 0) return null
  return (
    <button type="button" className={styles.row} onClick={onOpen}>
      <Icon name={icon} size={22} />
      <span className={styles.words}>
        {name}
        {note !== undefined && <span className={styles.note}>{note}</span>}
      </span>
      {chats.some(isUnread) && (
        <>
          <span className={styles.dot} />
          <VisuallyHidden>, some unread, </VisuallyHidden>
        </>
      )}
      <span className={styles.count}>({chats.length})</span>
    </button>
  )
}

export const FolderHead = ({
  name,
  note,
  onBack,
}: {
  name: string
  note?: ReactNode
  onBack: () => void
}) => (
  <div className={styles.head}>
    <Button look="icon" aria-label="All chats" onClick={onBack}>
      <Icon name="back" size={22} />
    </Button>
    <div>
      <h2 className={styles.title}>{name}</h2>
      {note !== undefined && <p className={styles.note}>{note}</p>}
    </div>
  </div>
)
