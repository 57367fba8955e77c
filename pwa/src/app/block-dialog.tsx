import type { MemberRole } from '@wardline/core/chat/role'
import type { ChatSummary } from '@wardline/core/client/model/views'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import styles from './account.module.css'

interface Props {
  /** The chat to be blocked; null while nobody asks for it. */
  chat: ChatSummary | null
  role: MemberRole
  onClose: () => void
  onBlock: () => Promise<void>
}

/** The other person will be told, so it says what that means for them. */
export function BlockDialog({ chat, role, onClose, onBlock }: Props) {
  const [failed, setFailed] = useState(false)
  const name = chat?.peer?.name ?? ''
  const block = async () => {
    setFailed(false)
    try {
      await onBlock()
      onClose()
    } catch {
      setFailed(true)
    }
  }
  return (
    <Dialog open={chat !== null} onClose={onClose} title={`Block ${name}?`}>
      <div className={styles.body}>
        <p className={styles.soft}>
          Nothing that {name} writes in this chat reaches you from then on. They see that you take
          no messages here
          {role === 'doctor' && ', and that they should write to another doctor or call the clinic'}
          . What was written stays, and you can unblock them at any time.
        </p>
        {failed && <p role="alert">This device could not save that. Try again.</p>}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" onClick={() => void block()}>
            Block
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
