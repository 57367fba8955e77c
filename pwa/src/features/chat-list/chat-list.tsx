import type { ChatSummary } from '@wardline/core/client/views'
import type { ChatId } from '@wardline/core/ids/ids'
import { type KeyboardEvent, type ReactNode, type Ref, useCallback, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { MenuPlace } from '../../ui/menu-place.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { useNow } from '../../ui/use-now.ts'
import { ArchivedHead, ArchivedRow } from './archived.tsx'
import { type ChatAction, type ChatKeeping, runChatAction } from './chat-actions.ts'
import styles from './chat-list.module.css'
import { ChatMenu } from './chat-menu.tsx'
import { ChatRow } from './chat-row.tsx'
import { filterChats } from './filter-chats.ts'
import { steadyOrder } from './steady-order.ts'

interface Props {
  chats: readonly ChatSummary[]
  selected: ChatId | null
  hrefOf: (chat: ChatId) => string
  onOpen: (chat: ChatId) => void
  onNewChat: () => void
  keep: ChatKeeping
  searchRef: Ref<HTMLInputElement>
  /** Stands in the head, beside "New chat". */
  account: ReactNode
  /** Shown when there is no chat at all. */
  empty: ReactNode
}

const step = (key: string, index: number, length: number): number | null => {
  switch (key) {
    case 'ArrowDown':
      return Math.min(index + 1, length - 1)
    case 'ArrowUp':
      return Math.max(index - 1, 0)
    case 'Home':
      return 0
    case 'End':
      return length - 1
    default:
      return null
  }
}

export function ChatList(props: Props) {
  const { chats, selected, hrefOf, onOpen, onNewChat, keep, searchRef, account, empty } = props
  const [query, setQuery] = useState('')
  const [held, setHeld] = useState<readonly string[] | null>(null)
  const [focused, setFocused] = useState<ChatId | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const now = useNow()

  const [inArchive, setInArchive] = useState(false)
  const [menu, setMenu] = useState<{ id: ChatId; at: MenuPlace } | null>(null)
  const archived = chats.filter((chat) => chat.archived)
  // The archive closes when its last chat leaves it. A search looks everywhere.
  const searching = query.trim() !== ''
  const folder = inArchive && archived.length > 0
  const listed = searching ? chats : chats.filter((chat) => chat.archived === folder)
  const shown = steadyOrder(filterChats(listed, query), held)
  const has = (id: ChatId | null) => shown.some((chat) => chat.id === id)
  const tabbable = has(focused) ? focused : has(selected) ? selected : (shown[0]?.id ?? null)

  const open = useCallback((chat: ChatSummary) => onOpen(chat.id), [onOpen])
  const onFocus = useCallback((chat: ChatSummary) => setFocused(chat.id), [])

  const focusRow = (index: number) => {
    const row = list.current?.children[index]?.querySelector('a')
    row?.focus()
    row?.scrollIntoView({ block: 'nearest' })
  }

  const onMenu = useCallback((chat: ChatSummary, at: MenuPlace) => {
    setHeld(null)
    setMenu({ id: chat.id, at })
  }, [])
  const menuChat = chats.find((chat) => chat.id === menu?.id)

  const onAction = (chat: ChatSummary, action: ChatAction) => {
    // The row goes away, and the focus with it: its neighbour takes over.
    const index = shown.indexOf(chat)
    if (action === 'archive' || action === 'unarchive')
      focusRow(index + 1 < shown.length ? index + 1 : index - 1)
    runChatAction(keep, chat.id, action)
  }

  const onListKey = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const index = shown.findIndex((chat) => chat.id === focused)
    const next = step(event.key, index, shown.length)
    if (next === null) return
    event.preventDefault()
    focusRow(next)
  }

  const onSearchKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey) return
    if (event.key === 'ArrowDown' && shown.length > 0) {
      event.preventDefault()
      focusRow(0)
    }
    const first = shown[0]
    if (event.key === 'Enter' && query.trim() !== '' && first !== undefined) {
      event.preventDefault()
      setQuery('')
      onOpen(first.id)
    }
  }

  return (
    <div className={styles.panel}>
      <header className={styles.head}>
        <h1 className={styles.title}>Chats</h1>
        {account}
        <Button look="primary" onClick={onNewChat}>
          <Icon name="compose" size={19} />
          New chat
        </Button>
      </header>
      <div className={styles.search}>
        <SearchField
          label="Search chats"
          value={query}
          onChange={setQuery}
          inputRef={searchRef}
          onKeyDown={onSearchKey}
        />
      </div>
      {folder && !searching ? (
        <ArchivedHead onBack={() => setInArchive(false)} />
      ) : (
        !searching && <ArchivedRow chats={archived} onOpen={() => setInArchive(true)} />
      )}
      {chats.length === 0 ? (
        <div className={styles.rest}>{empty}</div>
      ) : (
        <>
          {shown.length === 0 && (
            <p className={styles.nothing}>
              {searching ? `No chat matches “${query.trim()}”.` : 'All your chats are archived.'}
            </p>
          )}
          <ul
            ref={list}
            // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets.
            role="list"
            aria-label={folder && !searching ? 'Archived chats' : 'Chats'}
            className={styles.list}
            onKeyDown={onListKey}
            onPointerDown={() => setHeld(shown.map((chat) => chat.id))}
            onPointerUp={() => setHeld(null)}
            onPointerCancel={() => setHeld(null)}
            onPointerLeave={() => setHeld(null)}
          >
            {shown.map((chat) => (
              <ChatRow
                key={chat.id}
                chat={chat}
                href={hrefOf(chat.id)}
                selected={chat.id === selected}
                tabbable={chat.id === tabbable}
                now={now}
                onOpen={open}
                onFocus={onFocus}
                onMenu={onMenu}
              />
            ))}
          </ul>
        </>
      )}
      {menu !== null && menuChat !== undefined && (
        <ChatMenu
          chat={menuChat}
          at={menu.at}
          onChoose={(action) => onAction(menuChat, action)}
          onClose={() => setMenu(null)}
        />
      )}
    </div>
  )
}
