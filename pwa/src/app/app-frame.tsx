import type { ChatId } from '@wardline/core/base/ids'
import type { ConversationView, Person } from '@wardline/core/client/model/views'
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { goToPath, isAdminPath, onPath, pathNow } from '../base/path.ts'
import { chatHash } from '../base/route.ts'
import { ChatList } from '../features/chat-list/chat-list.tsx'
import { ConnectionBanner } from '../features/connection/connection-banner.tsx'
import { withoutTick } from '../features/connection/without-tick.ts'
import { Avatar } from '../ui/avatar.tsx'
import { BubblesArt } from '../ui/bubbles-art.tsx'
import { Button } from '../ui/button.tsx'
import { ChunkWait } from '../ui/chunk-wait.tsx'
import { classNames } from '../ui/class-names.ts'
import { useClinic } from '../ui/clinic-context.ts'
import { Dialog } from '../ui/dialog.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { useChunk } from '../ui/use-chunk.ts'
import account from './account.module.css'
import styles from './app-frame.module.css'
import { Banners } from './banners.tsx'
import { adminChunk, chatChunk, layersChunk } from './chunks.ts'
import type { Layer } from './layers.tsx'
import { areNotesRead } from './notes-read.ts'
import type { MessageJump } from './open-chat.tsx'
import type { ChatActions, ChatPorts, Shell } from './ports.ts'
import { nextChat, type Shortcut } from './shortcuts.ts'
import { startOf } from './start-of.ts'
import { TopBar } from './top-bar.tsx'
import { useChatKeeping } from './use-chat-keeping.ts'
import { useNarrow } from './use-narrow.ts'
import { useNewMessages } from './use-new-messages.ts'
import { usePrefetch } from './use-prefetch.ts'
import { useShortcuts } from './use-shortcuts.ts'

interface Props
  extends Pick<
    ChatPorts,
    'notifications' | 'install' | 'outcome' | 'session' | 'access' | 'refreshClinic'
  > {
  me: Person
  shell: Shell
  conversation: ConversationView | null
  updateReady: boolean
  /** Whether the browser may delete what is on this device. */
  storageRisk: boolean
  route: ChatId | null
  /** The open chat, while the person is looking at it. */
  reading: ChatId | null
  onRoute: (chat: ChatId | null) => void
  actions: ChatActions
}

export function AppFrame(props: Props) {
  const { me, shell, conversation, updateReady, storageRisk, route, reading, onRoute } = props
  const { actions, notifications, install, outcome, session, refreshClinic } = props
  const [layer, setLayer] = useState<Layer>('none')
  const close = () => {
    setLayer('none')
    setBlocking(null)
  }
  const frame = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)
  const left = useRef<ChatId | null>(null)
  const [jump, setJump] = useState<MessageJump | null>(null)
  const other = me.role === 'doctor' ? 'patient' : 'doctor'
  const [blocking, setBlocking] = useState<ChatId | null>(null)
  const { mayStart, notes } = useClinic()
  const layered = layer !== 'none' || blocking !== null
  const notesDue = me.role === 'patient' && notes !== '' && !areNotesRead(notes)
  const start = startOf(me, mayStart)
  const path = useSyncExternalStore(onPath, pathNow)
  const isAdmin = me.roles?.includes('admin') === true
  // Who is nothing else has no chats.
  const onlyAdmin = isAdmin && me.roles?.length === 1
  const administers = isAdmin && (onlyAdmin || isAdminPath(path))
  const admin = useChunk(adminChunk, administers)
  const chat = useChunk(chatChunk, route !== null)
  const early = shell.early !== undefined
  // A chat that is not in the beginning of the list may be in the rest of it.
  const unsure = early && !shell.chats.some(({ id }) => id === route)
  usePrefetch(!early)
  const keep = useChatKeeping(actions, setBlocking)
  const [arrived, dismissArrived] = useNewMessages(
    early ? null : shell.chats,
    shell.connection.phase,
    route,
  )
  const layers = useChunk(layersChunk, layered || notesDue || arrived !== null || administers)

  const leave = useCallback(() => {
    left.current = route
    onRoute(null)
  }, [route, onRoute])

  const openMessage = useCallback(
    (chat: ChatId, key: MessageJump['key']) => {
      onRoute(chat)
      setJump({ chat, key })
    },
    [onRoute],
  )
  // It is a wish of now: a chat that is opened again later opens where it always does.
  if (jump !== null && jump.chat !== route) setJump(null)

  // Whoever leaves a chat stands on it in the list.
  useEffect(() => {
    if (route !== null || left.current === null) return
    const row = frame.current?.querySelector<HTMLElement>(
      `[data-chat="${CSS.escape(left.current)}"]`,
    )
    left.current = null
    row?.focus()
  }, [route])

  const onShortcut = (shortcut: Shortcut) => {
    switch (shortcut.kind) {
      case 'help':
        setLayer('help')
        return
      case 'leave':
        if (route !== null) leave()
        return
      case 'search':
        // On a phone the list lies under the chat.
        if (search.current?.offsetParent === null) onRoute(null)
        setTimeout(() => {
          search.current?.focus()
          search.current?.select()
        }, 30)
        return
      case 'switch': {
        const listed = shell.chats.filter(({ archived }) => !archived)
        const next = nextChat(listed, route, shortcut.step, shortcut.unread)
        if (next !== undefined) onRoute(next.id)
      }
    }
  }
  useShortcuts(onShortcut)

  const signInAgain = useCallback(() => setLayer('sign-in'), [])
  const accountButton = (
    <button
      type="button"
      className={account.opener}
      aria-label="Account"
      onClick={() => setLayer('account')}
    >
      <Avatar id={me.id} name={me.name} size={36} />
    </button>
  )
  const chooseButton = start !== null && (
    <Button look="primary" onClick={() => setLayer(start)}>
      {start === 'new-group' ? 'New group' : `Choose a ${other}`}
    </Button>
  )
  const firstChat = (
    <EmptyState
      art={<BubblesArt />}
      title="No chats yet"
      text={
        start === null
          ? 'The clinic writes to you first. Its messages appear here.'
          : 'Your conversations stay on this device, so you can read and write them anywhere.'
      }
      action={chooseButton}
    />
  )

  // On a phone the list is all there is until a chat is open, and the other pane is not shown.
  const listAlone = useNarrow() && route === null

  return (
    <div
      ref={frame}
      className={classNames(
        styles.frame,
        route !== null && styles.open,
        me.role === 'doctor' && styles.bare,
      )}
    >
      {me.role === 'patient' && <TopBar />}
      <aside aria-label="Banners">
        <ConnectionBanner
          connection={shell.connection}
          waiting={withoutTick(shell, conversation)}
          onRetry={() => actions.retryConnection()}
          onSignIn={() => setLayer('sign-in')}
          signingIn={layer === 'sign-in'}
        />
        <Banners
          storageProblem={shell.storageProblem}
          storageRisk={storageRisk}
          updateReady={updateReady}
          install={install}
          actions={actions}
        />
      </aside>
      {administers && admin.kind !== 'here' && (
        <main className={styles.wait}>
          <ChunkWait chunk={adminChunk} onBack={onlyAdmin ? undefined : () => goToPath('/')} />
        </main>
      )}
      {administers && admin.kind === 'here' && (
        <admin.parts.AdminScreen
          session={session}
          me={me.id}
          onChats={onlyAdmin ? null : () => goToPath('/')}
          onSignIn={signInAgain}
          onSettingsSaved={() => void refreshClinic()}
          linkView={layers.kind === 'here' ? layers.parts.LinkToHandOn : null}
          account={accountButton}
        />
      )}
      {!administers && (
        <div className={styles.panes}>
          {/* One element in either place, so that the list keeps what it is at. */}
          {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a name. */}
          <div className={styles.side} role={listAlone ? 'main' : 'navigation'} aria-label="Chats">
            <ChatList
              chats={shell.chats}
              early={shell.early ?? null}
              selected={route}
              reading={reading}
              hrefOf={chatHash}
              onOpen={onRoute}
              onNewChat={start === null ? null : () => setLayer(start)}
              keep={keep}
              rounds={me.role === 'doctor' ? shell.rounds : null}
              onSearch={actions.search}
              onOpenMessage={openMessage}
              searchRef={search}
              chunk={layersChunk}
              account={accountButton}
              empty={
                <>
                  <div className={styles.phone}>{firstChat}</div>
                  <p className={styles.desktop}>Your chats appear here.</p>
                </>
              }
            />
          </div>
          <main className={styles.main}>
            {route !== null && (chat.kind !== 'here' || unsure) ? (
              <ChunkWait chunk={chatChunk} onBack={leave} />
            ) : route !== null && chat.kind === 'here' ? (
              <chat.parts.OpenChat
                chat={route}
                shell={shell}
                conversation={conversation}
                jump={jump}
                actions={actions}
                onBack={leave}
                onInfo={() => setLayer('group')}
                onUnblock={() => keep.block(route, false)}
              />
            ) : shell.chats.length === 0 ? (
              firstChat
            ) : (
              <EmptyState
                art={<BubblesArt />}
                title="Pick up where you left off"
                text={
                  start === null
                    ? 'Open a chat from the list.'
                    : 'Open a chat from the list, or start a new one.'
                }
                action={chooseButton}
              />
            )}
          </main>
        </div>
      )}
      {layers.kind === 'here' && (
        <layers.parts.NewMessageToast
          message={arrived}
          inList={route === null}
          onOpen={({ chat, news }) => {
            goToPath('/')
            // A late one may lie far above where the chat opens.
            if (news.late) openMessage(chat.id, news.key)
            else onRoute(chat.id)
          }}
          onClose={dismissArrived}
        />
      )}
      {/* Before them: it gives the focus back, which they take over. */}
      <Dialog open={layered && layers.kind !== 'here'} title="One moment" onClose={close}>
        <ChunkWait chunk={layersChunk} />
      </Dialog>
      {layers.kind === 'here' && (
        <layers.parts.Layers
          layer={layer}
          onLayer={setLayer}
          blocking={blocking}
          onClose={close}
          me={me}
          shell={shell}
          conversation={conversation}
          onRoute={onRoute}
          actions={actions}
          outcome={outcome}
          access={props.access}
          notifications={notifications}
          install={install}
        />
      )}
    </div>
  )
}
