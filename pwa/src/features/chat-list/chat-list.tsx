import type { ChatId } from '@wardline/core/base/ids'
import type { ChatSummary, RoundsView } from '@wardline/core/client/model/views'
import { filterChats } from '@wardline/core/client/search/filter-chats'
import type { SearchResults } from '@wardline/core/client/search/results'
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useCallback,
  useMemo,
  useRef,
  useState,
} from 'react'
import { Button } from '../../ui/button.tsx'
import type { Chunk } from '../../ui/chunk.ts'
import { ChunkWait } from '../../ui/chunk-wait.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { MenuPlace } from '../../ui/menu-place.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { useAnswer } from '../../ui/use-answer.ts'
import { useChunk } from '../../ui/use-chunk.ts'
import { useNow } from '../../ui/use-now.ts'
import { usePressed } from '../../ui/use-steady.ts'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { type ChatAction, type ChatKeeping, isUnread, runChatAction } from './chat-actions.ts'
import styles from './chat-list.module.css'
import { ChatRow } from './chat-row.tsx'
import { type EarlyFolders, type FolderBrief, FolderHead, FolderRow } from './folder.tsx'
import type { OpenMessage } from './found-messages.tsx'
import { foundText } from './found-text.ts'
import type { ListParts } from './list-parts.ts'
import { roundsText } from './rounds-text.ts'
import { steadyOrder } from './steady-order.ts'
import { useGrowing } from './use-growing.ts'

interface Props {
  chats: readonly ChatSummary[]
  /** What is in the folders, while `chats` is the beginning of the list alone; else null. */
  early: EarlyFolders | null
  selected: ChatId | null
  /** The chat that the person is looking at: nothing in it counts as unread. */
  reading: ChatId | null
  hrefOf: (chat: ChatId) => string
  onOpen: (chat: ChatId) => void
  /** Null where the clinic lets the person begin none. */
  onNewChat: (() => void) | null
  keep: ChatKeeping
  /** Null for a person who has no rounds. */
  rounds: RoundsView | null
  /** Looks for messages, in all chats. */
  onSearch: (query: string) => Promise<SearchResults>
  onOpenMessage: OpenMessage
  searchRef: Ref<HTMLInputElement>
  /** Where it finds what it does without at first. */
  chunk: Chunk<{ listParts: ListParts }>
  /** Stands in the head, beside "New chat". */
  account: ReactNode
  /** Shown when there is no chat at all. */
  empty: ReactNode
}

type Folder = 'archive' | 'rounds'

const names: Record<Folder, string> = { archive: 'Archived', rounds: 'Rounds' }
const listNames: Record<Folder, string> = { archive: 'Archived chats', rounds: 'Rounds' }

/** What takes a chat out of the list that is shown. */
const leaving: Record<'all' | Folder, readonly ChatAction[]> = {
  all: ['archive'],
  archive: ['unarchive'],
  rounds: ['off-rounds'],
}

const briefOf = (chats: readonly ChatSummary[]): FolderBrief => ({
  count: chats.length,
  unread: chats.some(isUnread),
})

const none: readonly ChatSummary[] = []

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
  const { chats, selected, reading, hrefOf, onOpen, onNewChat, onSearch, onOpenMessage } = props
  const { keep, rounds, searchRef, account, empty, chunk, early } = props
  const [query, setQuery] = useState('')
  /** The order when the press on the list began. */
  const [held, setHeld] = useState<readonly string[] | null>(null)
  const [focused, setFocused] = useState<ChatId | null>(null)
  const panel = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const pressed = usePressed(list)
  const now = useNow()

  const [place, setPlace] = useState<'all' | Folder>('all')
  const [menu, setMenu] = useState<{ id: ChatId; at: MenuPlace } | null>(null)
  const folders: Record<Folder, readonly ChatSummary[]> = {
    archive: chats.filter((chat) => chat.archived),
    rounds: rounds === null ? none : chats.filter((chat) => chat.onRounds),
  }
  // A folder closes when its last chat leaves it. A search looks everywhere.
  const searching = query.trim() !== ''
  const folder = place !== 'all' && folders[place].length > 0 && !searching ? place : null
  const inAll = searching ? chats : chats.filter((chat) => !chat.archived)
  const listed = folder === null ? inAll : folders[folder]
  const note = rounds === null ? undefined : roundsText(rounds, now)
  const ask = useMemo(
    () => (searching ? () => onSearch(query) : null),
    [searching, onSearch, query],
  )
  const found = useAnswer(ask, chats)
  const messages = found.value?.messages ?? []
  const shown = steadyOrder(filterChats(listed, query), held)
  if (pressed && held === null) setHeld(shown.map((chat) => chat.id))
  if (!pressed && held !== null) setHeld(null)
  const drawn = useGrowing(shown.length, early !== null)
  const has = (id: ChatId | null) => shown.some((chat) => chat.id === id)
  const tabbable = has(focused) ? focused : has(selected) ? selected : (shown[0]?.id ?? null)

  const open = useCallback((chat: ChatSummary) => onOpen(chat.id), [onOpen])
  const onFocus = useCallback((chat: ChatSummary) => setFocused(chat.id), [])

  /** Of chats, and below them of messages. */
  const rows = () => [...(list.current?.querySelectorAll('a') ?? [])]
  const focusRow = (index: number) => {
    const row = rows()[index]
    row?.focus()
    row?.scrollIntoView({ block: 'nearest' })
  }
  const focusField = () => panel.current?.querySelector('input')?.focus()

  const onMenu = useCallback((chat: ChatSummary, at: MenuPlace) => {
    setMenu({ id: chat.id, at })
  }, [])
  const parts = useChunk(chunk, searching || menu !== null)
  const menuChat = chats.find((chat) => chat.id === menu?.id)

  const onAction = (chat: ChatSummary, action: ChatAction) => {
    // The row goes away, and the focus with it: its neighbour takes over.
    const index = shown.indexOf(chat)
    if (leaving[folder ?? 'all'].includes(action))
      focusRow(index + 1 < shown.length ? index + 1 : index - 1)
    runChatAction(keep, chat.id, action)
  }

  const onListKey = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (event.key === 'Escape' && searching) {
      event.preventDefault()
      setQuery('')
      return focusField()
    }
    const all = rows()
    const index = all.findIndex((row) => row.matches(':focus'))
    const next = step(event.key, index, all.length)
    if (next === null) return
    event.preventDefault()
    if (searching && index === 0 && event.key === 'ArrowUp') focusField()
    else focusRow(next)
  }

  const onSearchKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey) return
    if (event.key === 'ArrowDown' && rows().length > 0) {
      event.preventDefault()
      focusRow(0)
    }
    const first = shown[0]
    if (event.key !== 'Enter' || !searching) return
    event.preventDefault()
    const message = found.current ? messages[0] : undefined
    if (first !== undefined) {
      setQuery('')
      onOpen(first.id)
    } else if (message !== undefined) onOpenMessage(message.chat, message.key)
  }

  return (
    <div ref={panel} className={styles.panel}>
      <div className={styles.head}>
        <h1 className={styles.title}>Chats</h1>
        {account}
        {onNewChat !== null && (
          <Button look="primary" className={styles.compose} onClick={onNewChat}>
            <Icon name="compose" size={19} />
            New chat
          </Button>
        )}
      </div>
      <div className={styles.search}>
        <SearchField
          label="Search"
          value={query}
          onChange={setQuery}
          inputRef={searchRef}
          onKeyDown={onSearchKey}
        />
      </div>
      {folder !== null && (
        <FolderHead
          name={names[folder]}
          note={folder === 'rounds' ? note : undefined}
          onBack={() => setPlace('all')}
        />
      )}
      {folder === null && !searching && (
        <>
          <FolderRow
            icon="rounds"
            name={names.rounds}
            note={note}
            {...(early?.rounds ?? briefOf(folders.rounds))}
            onOpen={() => setPlace('rounds')}
          />
          <FolderRow
            icon="archive"
            name={names.archive}
            {...(early?.archive ?? briefOf(folders.archive))}
            onOpen={() => setPlace('archive')}
          />
        </>
      )}
      {chats.length === 0 ? (
        <div className={styles.rest}>{empty}</div>
      ) : (
        <div ref={list} className={styles.scroller}>
          {shown.length === 0 && !searching && (
            <p className={styles.nothing}>All your chats are archived.</p>
          )}
          {searching && found.current && shown.length === 0 && messages.length === 0 && (
            <p className={styles.nothing}>No results for “{query.trim()}”.</p>
          )}
          <ul
            // biome-ignore lint/a11y/noRedundantRoles: Safari drops the role of a list without bullets.
            role="list"
            aria-label={folder === null ? 'Chats' : listNames[folder]}
            className={styles.list}
            onKeyDown={onListKey}
          >
            {shown.slice(0, drawn).map((chat) => (
              <ChatRow
                key={chat.id}
                chat={chat}
                href={hrefOf(chat.id)}
                selected={chat.id === selected}
                reading={chat.id === reading}
                tabbable={chat.id === tabbable}
                now={now}
                onOpen={open}
                onFocus={onFocus}
                onMenu={onMenu}
              />
            ))}
          </ul>
          {searching && parts.kind === 'failed' && <ChunkWait chunk={chunk} />}
          {searching && found.value !== null && parts.kind === 'here' && (
            <parts.parts.listParts.FoundMessages
              results={found.value}
              hrefOf={hrefOf}
              now={now}
              onOpen={onOpenMessage}
              onKeyDown={onListKey}
            />
          )}
        </div>
      )}
      <Dialog
        open={menu !== null && parts.kind === 'failed'}
        title="One moment"
        onClose={() => setMenu(null)}
      >
        <ChunkWait chunk={chunk} />
      </Dialog>
      {menu !== null && menuChat !== undefined && parts.kind === 'here' && (
        <parts.parts.listParts.ChatMenu
          chat={menuChat}
          hasRounds={rounds !== null}
          at={menu.at}
          onChoose={(action) => onAction(menuChat, action)}
          onClose={() => setMenu(null)}
        />
      )}
      <div aria-live="polite">
        <VisuallyHidden>
          {searching && found.current ? foundText(shown.length, found.value?.total ?? 0) : ''}
        </VisuallyHidden>
      </div>
    </div>
  )
}
