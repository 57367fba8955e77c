import type { MessageInfo } from '@wardline/core/client/model/views'
import { useContext, useEffect, useState } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { personText } from '../../ui/patients-text.ts'
import { statusText } from '../../ui/status-text.ts'
import { Ticks } from '../../ui/ticks.tsx'
import { fullText, whenText } from '../../ui/time-text.ts'
import { useNow } from '../../ui/use-now.ts'
import { datedBeforeText } from './dating-text.ts'
import type { Message } from './message.ts'
import styles from './message-dialogs.module.css'
import { PartsContext } from './parts.ts'

interface Props {
  /** Null: closed. */
  message: Message | null
  onClose: () => void
}

/** The answer of a question that is asked again whenever `message` changes. */
const useAnswer = <T,>(message: Message | null, ask: (message: Message) => Promise<T>) => {
  const [answer, setAnswer] = useState<{ key: string; value: T } | null>(null)
  useEffect(() => {
    if (message === null) return
    let left = false
    ask(message).then(
      (value) => {
        if (!left) setAnswer({ key: message.key, value })
      },
      () => {},
    )
    return () => {
      left = true
    }
  }, [message, ask])
  return answer !== null && answer.key === message?.key ? answer.value : null
}

function Receipt({ status, at }: { status: 'delivered' | 'read'; at: number | null }) {
  const now = useNow()
  return (
    <div className={styles.receipt}>
      <Ticks status={status} />
      <dt>{statusText[status]}</dt>
      <dd>
        {at === null ? (
          'Not yet'
        ) : (
          <time dateTime={new Date(at).toISOString()} title={fullText(at)}>
            {whenText(at, now)}
          </time>
        )}
      </dd>
    </div>
  )
}

/** When a message was written, and when it reached each person. */
export function InfoDialog({
  message,
  onClose,
  info,
}: Props & { info: (message: Message) => Promise<readonly MessageInfo[]> }) {
  const people = useAnswer(message, info)
  const now = useNow()
  return (
    <Dialog open={message !== null} onClose={onClose} title="Message info">
      {message !== null && (
        <div className={styles.body}>
          <p className={styles.soft}>
            {message.status === 'waiting'
              ? 'Written on this device, and waiting to be sent.'
              : `Written ${fullText(message.at)}.`}
            {message.arrivedAt !== null && ` Arrived ${fullText(message.arrivedAt)}.`}
            {message.datedBefore !== null && ` ${datedBeforeText(message)}.`}
          </p>
          <ul className={styles.people}>
            {people?.map(({ person, deliveredAt, readAt }) => (
              <li key={person.id} className={styles.person}>
                <Avatar id={person.id} name={person.name} size={42} />
                <div className={styles.words}>
                  <p className={styles.name} dir="auto">
                    {personText(person, now)}
                  </p>
                  <dl className={styles.receipts}>
                    <Receipt status="delivered" at={deliveredAt} />
                    <Receipt status="read" at={readAt} />
                  </dl>
                </div>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Dialog>
  )
}

/** What an edited message said before. */
export function HistoryDialog({
  message,
  onClose,
  history,
}: Props & { history: (message: Message) => Promise<readonly string[]> }) {
  const before = useAnswer(message, history)
  const versions = message === null || before === null ? [] : [...before, message.text]
  return (
    <Dialog open={message !== null} onClose={onClose} title="Edited message">
      <ol className={styles.versions}>
        {versions.map((text, index) => (
          <li key={index} className={styles.version}>
            <p className={styles.label}>
              {index === versions.length - 1
                ? 'Now'
                : index === 0
                  ? 'Original'
                  : `Version ${index + 1}`}
            </p>
            <p className={styles.text} dir="auto">
              {text}
            </p>
          </li>
        ))}
      </ol>
    </Dialog>
  )
}

/** Deleting cannot be undone, so it is asked for twice. */
export function DeleteDialog({ message, onClose, onDelete }: Props & { onDelete: () => void }) {
  const refused = message !== null && message.refused !== null
  return (
    <Dialog
      open={message !== null}
      onClose={onClose}
      title={refused ? 'Delete this message?' : 'Delete for everyone?'}
    >
      <div className={styles.body}>
        <p className={styles.soft}>
          {refused
            ? 'It was not sent, so nobody else has it.'
            : 'The text is erased from every device. A note stays that a message was deleted. This cannot be undone.'}
        </p>
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="danger"
            onClick={() => {
              onClose()
              onDelete()
            }}
          >
            Delete
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

export function EmojiDialog({
  message,
  onClose,
  onReact,
}: Props & { onReact: (emoji: string) => void }) {
  const { Emoji } = useContext(PartsContext)
  return (
    <Dialog open={message !== null} onClose={onClose} title="React" tall>
      <Emoji
        onChoose={(emoji) => {
          onClose()
          onReact(emoji)
        }}
      />
    </Dialog>
  )
}
