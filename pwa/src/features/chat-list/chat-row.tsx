import type { ChatSummary } from '@wardline/core/client/views'
import { type MouseEvent, memo } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Ticks } from '../../ui/ticks.tsx'
import { stampText } from '../../ui/time-text.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './chat-row.module.css'

interface Props {
  chat: ChatSummary
  href: string
  selected: boolean
  /** The one row that Tab reaches; arrows move between the others. */
  tabbable: boolean
  now: number
  onOpen: (chat: ChatSummary) => void
  onFocus: (chat: ChatSummary) => void
}

/** The first lines of a text, for one line on screen. */
const oneLine = (text: string): string => text.slice(0, 200).replace(/\s+/gu, ' ')

function Preview({ chat, selected }: { chat: ChatSummary; selected: boolean }) {
  if (chat.typing.length > 0) {
    // The open chat says who is typing in full, once.
    const names = chat.typing.join(' and ')
    const verb = chat.typing.length > 1 ? 'are' : 'is'
    return (
      <span className={classNames(styles.preview, styles.typing)}>
        {!selected && <VisuallyHidden>{`${names} ${verb} `}</VisuallyHidden>}typing…
      </span>
    )
  }
  if (chat.draft.trim() !== '' && !selected) {
    return (
      <>
        <span className={styles.draft}>Draft:</span>
        <span className={styles.preview} dir="auto">
          {oneLine(chat.draft)}
        </span>
      </>
    )
  }
  const { last } = chat
  if (last === null)
    return <span className={classNames(styles.preview, styles.aside)}>No messages yet</span>
  return (
    <>
      {last.mine && last.status !== null && <Ticks status={last.status} labelled />}
      <span className={classNames(styles.preview, last.retracted && styles.aside)} dir="auto">
        {last.retracted ? 'Message deleted' : oneLine(last.text)}
      </span>
    </>
  )
}

export const ChatRow = memo(function ChatRow(props: Props) {
  const { chat, href, selected, tabbable, now, onOpen, onFocus } = props
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return
    event.preventDefault()
    onOpen(chat)
  }
  return (
    <li>
      <a
        href={href}
        className={classNames(styles.row, chat.unread > 0 && styles.unread)}
        aria-current={selected ? 'page' : undefined}
        tabIndex={tabbable ? 0 : -1}
        data-chat={chat.id}
        draggable={false}
        onClick={open}
        onFocus={() => onFocus(chat)}
      >
        <Avatar id={chat.peer?.id ?? chat.id} name={chat.title} size={50} online={chat.online} />
        <span className={styles.words}>
          <span className={styles.line}>
            <span className={styles.name} dir="auto">
              {chat.title}
            </span>
            {chat.online && !selected && <VisuallyHidden>Online</VisuallyHidden>}
            {chat.last !== null && (
              <span className={styles.time}>{stampText(chat.last.at, now)}</span>
            )}
          </span>
          <span className={styles.line}>
            <span className={styles.last}>
              <Preview chat={chat} selected={selected} />
            </span>
            {chat.unread > 0 && (
              <span className={styles.badge}>
                {chat.unread > 99 ? '99+' : chat.unread}
                <VisuallyHidden> unread</VisuallyHidden>
              </span>
            )}
          </span>
        </span>
      </a>
    </li>
  )
})
