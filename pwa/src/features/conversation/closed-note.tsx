import type { ChatSummary } from '@wardline/core/client/model/views'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import type { Composition } from './composition.ts'
import styles from './left-note.module.css'
import { UnsentText } from './unsent-text.tsx'

interface Props {
  chat: ChatSummary
  composition: Composition
  /** Where else to turn, for a patient. */
  help: ReactNode
  onUnblock: () => void
}

/**
 * In the composer's place while one of the two takes no messages, or has no account any more; what
 * was drafted stays.
 */
export function ClosedNote({ chat, composition, help, onUnblock }: Props) {
  const name = chat.peer?.name ?? chat.title
  const isDoctor = chat.peer?.role === 'doctor'
  return (
    <div className={styles.left} role="note">
      {chat.peer?.accountClosed === true ? (
        <>
          <p>
            The account of <bdi>{name}</bdi> is closed. Nobody reads what is written here now; what
            is here stays for you to read.{' '}
            {isDoctor && 'Write to another doctor, or call the clinic.'}
          </p>
          {isDoctor && help}
        </>
      ) : chat.blocked ? (
        <>
          <p>
            You blocked <bdi>{name}</bdi> here. Nothing they write reaches you.
          </p>
          <Button onClick={onUnblock}>Unblock</Button>
        </>
      ) : (
        <>
          <p>
            <bdi>{name}</bdi> takes no messages in this chat any more.{' '}
            {isDoctor
              ? 'Write to another doctor, or call the clinic.'
              : 'If it cannot wait, call them.'}
          </p>
          {isDoctor && help}
        </>
      )}
      <UnsentText composition={composition} />
    </div>
  )
}
