import type { BirthDate } from '@wardline/core/chat/birth-date'
import type { MessageStatus, TimelineItem } from '@wardline/core/client/model/views'
import { type CSSProperties, memo, useContext } from 'react'
import { hueOfMember } from '../../ui/avatar-look.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { useClockSettings } from '../../ui/clock-settings.ts'
import { statusText } from '../../ui/status-text.ts'
import { Ticks } from '../../ui/ticks.tsx'
import { birthText, clockText, fullText } from '../../ui/time-text.ts'
import { useNow } from '../../ui/use-now.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { Asides } from './asides.tsx'
import { DayPill, UnreadDivider } from './dividers.tsx'
import { membershipText } from './membership-text.ts'
import { actionsOf, type Message } from './message.ts'
import { ControlsContext } from './message-controls.ts'
import { MessageFrame } from './message-frame.tsx'
import styles from './message-row.module.css'
import { MessageText } from './message-text.tsx'
import { PartsContext } from './parts.ts'
import { Quote } from './quote.tsx'
import { Reactions } from './reactions.tsx'
import { refusalText } from './refusal-text.ts'
import { isBigEmoji } from './text-parts.ts'

interface Props {
  item: TimelineItem
  /** Of its day, when it opens one. */
  dayLabel: string | null
  /** Above it stands the divider with this number. */
  unread: number | null
  joinsPrevious: boolean
  joinsNext: boolean
  /** More than two people: each group of messages names its author. */
  named: boolean
  /** The one message that Tab reaches. */
  tabbable: boolean
  /** It was just jumped to. */
  marked: boolean
}

/** How far it got. A press tells when, for each person; the keyboard has the menu for that. */
function Status({ message, status }: { message: Message; status: MessageStatus }) {
  const { canWrite, showInfo } = useContext(ControlsContext)
  const look = (
    <>
      <Ticks status={status} />
      <VisuallyHidden>{statusText[status]}</VisuallyHidden>
    </>
  )
  if (!actionsOf(message, canWrite).includes('info')) return look
  return (
    <button
      type="button"
      className={styles.status}
      title="Message info"
      aria-haspopup="dialog"
      tabIndex={-1}
      onClick={() => showInfo(message)}
    >
      {look}
    </button>
  )
}

function Meta({ message }: { message: Message }) {
  const { showHistory } = useContext(ControlsContext)
  const time = new Date(message.at)
  return (
    <span className={styles.meta}>
      {/* A direction of its own keeps it out of `dir=auto`, which the text alone decides. */}
      <span dir="ltr">
        {message.edited && !message.retracted && (
          <button type="button" className={styles.edited} onClick={() => showHistory(message)}>
            Edited
          </button>
        )}
        <time dateTime={time.toISOString()} title={fullText(message.at)}>
          {clockText(message.at)}
        </time>
        {message.status !== null && message.refused === null && !message.retracted && (
          <Status message={message} status={message.status} />
        )}
      </span>
    </span>
  )
}

function Refusal({ message }: { message: Message }) {
  const { canWrite, retry, copy, remove } = useContext(ControlsContext)
  return (
    <div className={styles.refusal}>
      <span>{refusalText(message.refused ?? '')}</span>
      {canWrite && (
        <Button look="text" onClick={() => retry(message)}>
          Retry
        </Button>
      )}
      <Button look="text" onClick={() => copy(message)}>
        Copy
      </Button>
      <Button look="text" onClick={() => remove(message)}>
        Delete
      </Button>
    </div>
  )
}

/** Of a patient in a group, for its doctors. */
function Born({ date }: { date: BirthDate }) {
  return <span className={styles.born}> · {birthText(date, useNow())}</span>
}

function Author({ message, named }: { message: Message; named: boolean }) {
  if (message.mine || !named)
    return <VisuallyHidden>{message.mine ? 'You' : message.authorName}: </VisuallyHidden>
  return (
    <p
      className={styles.author}
      style={{ '--hue': hueOfMember(message.author) } as CSSProperties}
      dir="auto"
    >
      {message.authorName}
      {message.authorBorn !== undefined && <Born date={message.authorBorn} />}
    </p>
  )
}

function Bubble({ message, ...rest }: Omit<Props, 'item'> & { message: Message }) {
  const { named, joinsPrevious, joinsNext, tabbable, marked } = rest
  const { Files } = useContext(PartsContext)
  return (
    <MessageFrame
      message={message}
      className={classNames(
        styles.message,
        message.mine && styles.mine,
        joinsPrevious && styles.joinsPrevious,
        joinsNext && styles.joinsNext,
        message.refused !== null && styles.refused,
      )}
      tabbable={tabbable}
      marked={marked}
      bubble={
        <div className={styles.bubble}>
          <Author message={message} named={named && !joinsPrevious} />
          <Asides message={message} joinsPrevious={joinsPrevious} />
          {message.reply !== null && !message.retracted && <Quote reply={message.reply} />}
          <Files message={message} />
          <p
            className={classNames(
              styles.text,
              (message.retracted || message.unreadable) && styles.stub,
              !message.retracted && isBigEmoji(message.text) && styles.big,
            )}
            dir="auto"
          >
            <MessageText message={message} />
            <Meta message={message} />
          </p>
        </div>
      }
    >
      <Reactions message={message} />
      {message.refused !== null && <Refusal message={message} />}
    </MessageFrame>
  )
}

/** One item of the timeline, with the day pill and the divider above it. */
export const MessageRow = memo(function MessageRow({ item, ...rest }: Props) {
  const { dayLabel, unread, joinsPrevious } = rest
  useClockSettings()
  return (
    <>
      {dayLabel !== null && <DayPill label={dayLabel} />}
      {unread !== null && <UnreadDivider count={unread} />}
      <div className={classNames(styles.row, !joinsPrevious && styles.spaced)}>
        {item.type === 'message' ? (
          <Bubble message={item} {...rest} />
        ) : (
          <p className={styles.line}>
            <bdi>{membershipText(item)}</bdi>
          </p>
        )}
      </div>
    </>
  )
})
