import type { ChatSummary, LastMessage } from '@wardline/core/client/model/views'
import { isBlank } from '@wardline/core/text/blank'
import { type MouseEvent, memo, useRef } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { classNames } from '../../ui/class-names.ts'
import { useClockSettings } from '../../ui/clock-settings.ts'
import { filesText } from '../../ui/file-text.ts'
import { Icon } from '../../ui/icon.tsx'
import type { MenuPlace } from '../../ui/menu-place.ts'
import { patientsText } from '../../ui/patients-text.ts'
import { Ticks } from '../../ui/ticks.tsx'
import { fullText, stampText } from '../../ui/time-text.ts'
import { usePressMenu } from '../../ui/use-press-menu.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { isUnread } from './chat-actions.ts'
import styles from './chat-row.module.css'
import { isSameRow, oneLine } from './same-row.ts'

export interface ChatRowProps {
  chat: ChatSummary
  href: string
  selected: boolean
  /** The person is looking at it, so that nothing in it counts as unread. */
  reading: boolean
  /** The one row that Tab reaches; arrows move between the others. */
  tabbable: boolean
  now: number
  onOpen: (chat: ChatSummary) => void
  onFocus: (chat: ChatSummary) => void
  onMenu: (chat: ChatSummary, at: MenuPlace) => void
}

/** Of a message that has only files. */
function Files({ last }: { last: LastMessage }) {
  const { icon, text } = filesText(last)
  return (
    <>
      <Icon name={icon} size={15} /> {text}
    </>
  )
}

function Preview({ chat, selected }: { chat: ChatSummary; selected: boolean }) {
  if (chat.typing.length > 0) {
    // The open chat says who is typing in full, once.
    const names = chat.typing.join(' and ')
    const verb = chat.typing.length > 1 ? 'are' : 'is'
    return (
      <span className={classNames(styles.preview, styles.typing)}>
        {chat.kind === 'group'
          ? `${names} ${verb} `
          : !selected && <VisuallyHidden>{`${names} ${verb} `}</VisuallyHidden>}
        typing…
      </span>
    )
  }
  const unfinished = chat.draft.edit?.text ?? chat.draft.text
  if (!isBlank(unfinished) && !selected) {
    return (
      <>
        <span className={styles.draft}>Draft:</span>
        <span className={styles.preview} dir="auto">
          {oneLine(unfinished)}
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
        {last.authorName !== undefined && `${last.authorName}: `}
        {last.retracted ? (
          'Message deleted'
        ) : last.text === '' && last.files > 0 ? (
          <Files last={last} />
        ) : (
          oneLine(last.text)
        )}
      </span>
    </>
  )
}

/** When there was something new last. */
function Time({ at, arrivedAt, now }: Pick<LastMessage, 'at' | 'arrivedAt'> & { now: number }) {
  if (arrivedAt === null) return <span className={styles.time}>{stampText(at, now)}</span>
  return (
    <span className={styles.time} title={`Written ${fullText(at)}`}>
      Arrived {stampText(arrivedAt, now)}
    </span>
  )
}

/** What the person set, and what waits for them. */
function Marks({ chat, unread }: { chat: ChatSummary; unread: boolean }) {
  return (
    <span className={styles.marks}>
      {chat.muted && (
        <>
          <Icon name="mute" size={17} />
          <VisuallyHidden>Muted</VisuallyHidden>
        </>
      )}
      {chat.pinned && (
        <>
          <Icon name="pin" size={17} />
          <VisuallyHidden>Pinned</VisuallyHidden>
        </>
      )}
      {unread && (
        <span
          className={classNames(
            styles.badge,
            chat.muted && styles.quiet,
            chat.unread === 0 && styles.dot,
          )}
        >
          {chat.unread > 99 ? '99+' : chat.unread > 0 ? chat.unread : ''}
          <VisuallyHidden>{chat.unread > 0 ? ' unread' : 'Marked as unread'}</VisuallyHidden>
        </span>
      )}
    </span>
  )
}

export const ChatRow = memo(function ChatRow(props: ChatRowProps) {
  const { chat, href, selected, reading, tabbable, now, onOpen, onFocus, onMenu } = props
  useClockSettings()
  const unread = !reading && isUnread(chat)
  const more = useRef<HTMLButtonElement>(null)
  const patients = patientsText(chat, now)
  const press = usePressMenu((at) => onMenu(chat, at))
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return
    event.preventDefault()
    onOpen(chat)
  }
  return (
    <li className={styles.item} {...press}>
      <a
        href={href}
        className={classNames(styles.row, unread && styles.unread)}
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
            {chat.last !== null && <Time {...chat.last} now={now} />}
          </span>
          {patients !== '' && (
            <span className={styles.patients} dir="auto">
              {patients}
            </span>
          )}
          <span className={styles.line}>
            <span className={styles.last}>
              {chat.peer?.accountClosed === true && (
                <span className={styles.closed}>Account closed</span>
              )}
              <Preview chat={chat} selected={selected} />
            </span>
            <Marks chat={chat} unread={unread} />
          </span>
        </span>
      </a>
      <button
        ref={more}
        type="button"
        className={styles.more}
        aria-label={`Actions for ${chat.title}${patients === '' ? '' : `, ${patients}`}`}
        aria-haspopup="menu"
        tabIndex={tabbable ? 0 : -1}
        onClick={() => {
          const edges = more.current?.getBoundingClientRect()
          if (edges !== undefined) onMenu(chat, edges)
        }}
      >
        <Icon name="more" size={20} />
      </button>
    </li>
  )
}, isSameRow)
