import type { TimelineItem } from '@wardline/core/client/views'
import { type CSSProperties, memo } from 'react'
import { hueOf } from '../../ui/avatar-look.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { statusText } from '../../ui/status-text.ts'
import { Ticks } from '../../ui/ticks.tsx'
import { clockText, fullText } from '../../ui/time-text.ts'
import { useToast } from '../../ui/toast.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { DayPill, UnreadDivider } from './dividers.tsx'
import styles from './message-row.module.css'
import { isBigEmoji, textParts } from './text-parts.ts'

type Message = Extract<TimelineItem, { type: 'message' }>

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
  onRetry: (key: Message['key']) => void
}

function Text({ message }: { message: Message }) {
  if (message.retracted) return 'This message was deleted'
  return textParts(message.text).map(({ text, href, at }) =>
    href === null ? (
      text
    ) : (
      <a key={at} href={href} target="_blank" rel="noopener noreferrer nofollow">
        {text}
      </a>
    ),
  )
}

function Meta({ message }: { message: Message }) {
  const time = new Date(message.at)
  return (
    <span className={styles.meta}>
      {/* A direction of its own keeps it out of `dir=auto`, which the text alone decides. */}
      <span dir="ltr">
        {message.edited && !message.retracted && <span>Edited</span>}
        <time dateTime={time.toISOString()} title={fullText(message.at)}>
          {clockText(message.at)}
        </time>
        {message.status !== null && message.refused === null && !message.retracted && (
          <>
            <Ticks status={message.status} />
            <VisuallyHidden>{statusText[message.status]}</VisuallyHidden>
          </>
        )}
      </span>
    </span>
  )
}

function Refusal({ message, onRetry }: { message: Message; onRetry: Props['onRetry'] }) {
  const toast = useToast()
  const copy = () =>
    navigator.clipboard.writeText(message.text).then(
      () => toast('Copied'),
      () => toast('Copying is blocked in this browser'),
    )
  return (
    <div className={styles.refusal}>
      <span>Not sent. {message.refused}</span>
      <Button look="text" onClick={() => onRetry(message.key)}>
        Retry
      </Button>
      <Button look="text" onClick={() => void copy()}>
        Copy
      </Button>
    </div>
  )
}

function Bubble({ message, named, onRetry, ...joins }: Omit<Props, 'item'> & { message: Message }) {
  return (
    <article
      data-key={message.key}
      data-incoming={message.mine ? undefined : ''}
      className={classNames(
        styles.message,
        message.mine && styles.mine,
        joins.joinsPrevious && styles.joinsPrevious,
        joins.joinsNext && styles.joinsNext,
        message.refused !== null && styles.refused,
      )}
    >
      <div className={styles.bubble}>
        {named && !message.mine && !joins.joinsPrevious ? (
          <p
            className={styles.author}
            style={{ '--hue': hueOf(`${message.author}`) } as CSSProperties}
            dir="auto"
          >
            {message.authorName}
          </p>
        ) : (
          <VisuallyHidden>{message.mine ? 'You' : message.authorName}: </VisuallyHidden>
        )}
        <p
          className={classNames(
            styles.text,
            message.retracted && styles.stub,
            !message.retracted && isBigEmoji(message.text) && styles.big,
          )}
          dir="auto"
        >
          <Text message={message} />
          <Meta message={message} />
        </p>
      </div>
      {message.refused !== null && <Refusal message={message} onRetry={onRetry} />}
    </article>
  )
}

/** One item of the timeline, with the day pill and the divider above it. */
export const MessageRow = memo(function MessageRow({ item, ...rest }: Props) {
  const { dayLabel, unread, joinsPrevious } = rest
  return (
    <>
      {dayLabel !== null && <DayPill label={dayLabel} />}
      {unread !== null && <UnreadDivider count={unread} />}
      <div className={classNames(styles.row, !joinsPrevious && styles.spaced)}>
        {item.type === 'message' ? (
          <Bubble message={item} {...rest} />
        ) : (
          <p className={styles.line}>
            <bdi>{item.name}</bdi> {item.event === 'joined' ? 'joined the chat' : 'left the chat'}
          </p>
        )}
      </div>
    </>
  )
})
