import type { ChatSummary } from '@wardline/core/client/views'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './archived.module.css'
import { isUnread } from './chat-actions.ts'

/** The way to the chats that were put away; nothing while there are none. */
export function ArchivedRow({
  chats,
  onOpen,
}: {
  chats: readonly ChatSummary[]
  onOpen: () => void
}) {
  if (chats.length === 0) return null
  return (
    <button type="button" className={styles.row} onClick={onOpen}>
      <Icon name="archive" size={22} />
      <span className={styles.words}>Archived</span>
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

export const ArchivedHead = ({ onBack }: { onBack: () => void }) => (
  <div className={styles.head}>
    <Button look="icon" aria-label="All chats" onClick={onBack}>
      <Icon name="back" size={22} />
    </Button>
    <h2 className={styles.title}>Archived</h2>
  </div>
)
