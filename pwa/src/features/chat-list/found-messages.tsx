import type { ChatId } from '@wardline/core/base/ids'
import type { FoundMessage, SearchResults } from '@wardline/core/client/search/results'
import { type KeyboardEvent, type MouseEvent, useState } from 'react'
import { MarkedText } from '../../ui/marked-text.tsx'
import { patientsText } from '../../ui/patients-text.ts'
import { fullText, stampText } from '../../ui/time-text.ts'
import styles from './found-messages.module.css'

export type OpenMessage = (chat: ChatId, key: FoundMessage['key']) => void

interface Props {
  results: SearchResults
  hrefOf: (chat: ChatId) => string
  now: number
  onOpen: OpenMessage
  onKeyDown: (event: KeyboardEvent) => void
}

const numberText = (count: number): string => count.toLocaleString()

/** Messages with the words of a search, each a way to its place in the chat. */
export function FoundMessages({ results, hrefOf, now, onOpen, onKeyDown }: Props) {
  const [opened, setOpened] = useState<string | null>(null)
  const { messages, total, more, complete, partial } = results
  const all = `${numberText(total)}${more ? '+' : ''}`
  return (
    <>
      {messages.length > 0 && (
        <section aria-label="Messages" className={styles.found}>
          <h2 className={styles.heading}>
            Messages <span className={styles.count}>{all}</span>
          </h2>
          {/* biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets. */}
          <ul role="list" aria-label="Messages" onKeyDown={onKeyDown}>
            {messages.map((message, n) => {
              const id = `${message.chat} ${message.key}`
              return (
                <li key={id}>
                  <Row
                    message={message}
                    href={hrefOf(message.chat)}
                    now={now}
                    first={n === 0}
                    selected={id === opened}
                    onOpen={(chat, key) => {
                      setOpened(id)
                      onOpen(chat, key)
                    }}
                  />
                </li>
              )
            })}
          </ul>
          {total > messages.length && (
            <p className={styles.note}>
              The first {numberText(messages.length)} of {all}. Another word narrows them down.
            </p>
          )}
        </section>
      )}
      {!complete && <p className={styles.note}>Still reading older messages…</p>}
      {complete && partial && (
        <p className={styles.note}>
          There are too many messages here: the oldest are not searched.
        </p>
      )}
    </>
  )
}

interface RowProps {
  message: FoundMessage
  href: string
  now: number
  first: boolean
  selected: boolean
  onOpen: OpenMessage
}

function Row({ message, href, now, first, selected, onOpen }: RowProps) {
  const { chat, key, title, authorName, mine, at, arrivedAt, snippet } = message
  const open = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
      return
    event.preventDefault()
    onOpen(chat, key)
  }
  const author = mine ? 'You' : authorName
  const patients = patientsText(message, now)
  return (
    <a
      href={href}
      className={styles.row}
      aria-current={selected ? 'true' : undefined}
      tabIndex={first ? 0 : -1}
      draggable={false}
      onClick={open}
    >
      <span className={styles.line}>
        <span className={styles.title} dir="auto">
          {title}
        </span>
        <time className={styles.time} dateTime={new Date(at).toISOString()}>
          {stampText(at, now)}
        </time>
        {arrivedAt !== null && (
          <span className={styles.time} title={fullText(arrivedAt)}>
            arrived {stampText(arrivedAt, now)}
          </span>
        )}
      </span>
      {patients !== '' && (
        <span className={styles.patients} dir="auto">
          {patients}
        </span>
      )}
      <span className={styles.snippet} dir="auto">
        {author !== title && <span className={styles.author}>{author}: </span>}
        <MarkedText {...snippet} />
      </span>
    </a>
  )
}
