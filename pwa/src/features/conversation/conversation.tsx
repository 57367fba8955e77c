import type { WriteOutcome } from '@wardline/core/client/conversation/write-outcome'
import type { ComposerDraft } from '@wardline/core/client/model/composer-draft'
import type { ChatSummary, ConversationView } from '@wardline/core/client/model/views'
import type { SearchResults } from '@wardline/core/client/search/results'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { isTouch } from '../../base/platform.ts'
import { Spinner } from '../../ui/spinner.tsx'
import { Announcer } from './announcer.tsx'
import { ClosedNote } from './closed-note.tsx'
import { Composer } from './composer.tsx'
import { Composition } from './composition.ts'
import styles from './conversation.module.css'
import { ConversationHeader } from './conversation-header.tsx'
import { LeftNote } from './left-note.tsx'
import type { MessageKey } from './message.ts'
import { ControlsContext } from './message-controls.ts'
import { SoughtContext } from './message-text.tsx'
import { SearchBar } from './search-bar.tsx'
import { Timeline } from './timeline.tsx'
import type { Jump } from './use-jump.ts'
import { type MessagePort, useMessageLayer } from './use-message-layer.tsx'
import type { FileOutcome, Written } from './written.ts'

interface Props {
  view: ConversationView
  /** A message to go to. */
  jump: Jump | null
  onBack: () => void
  onLoadOlder: () => Promise<void>
  onSend: (written: Written) => Promise<WriteOutcome>
  onSendFile: (written: Written) => Promise<FileOutcome>
  onDraft: (draft: ComposerDraft) => void
  onTyping: (typing: boolean) => void
  onVisible: (keys: MessageKey[]) => void
  /** Looks for messages in this chat, the newest first. */
  onSearch: (query: string) => Promise<SearchResults>
  messages: MessagePort
  /** Opens who is in it, of a group. */
  onInfo: () => void
  /** Where else to turn when nobody takes messages here. */
  help: ReactNode
  /** Takes messages again in a chat that the person has blocked. */
  onUnblock: () => void
}

/** One chat, from opening to leaving it. Give it a key, so that nothing switches under it. */
export function Conversation({ view, jump, onBack, messages, ...actions }: Props) {
  const [composition] = useState(() => new Composition(view.chat.draft))
  const layer = useMessageLayer(view, messages, composition)
  const [sent, setSent] = useState(0)
  const onSent = useCallback(() => setSent((count) => count + 1), [])
  const [searching, setSearching] = useState(false)
  const [sought, setSought] = useState<readonly string[]>([])
  const section = useRef<HTMLElement>(null)
  // With a keyboard the composer takes the focus; a finger's reader must arrive here too.
  useEffect(() => {
    if (isTouch()) section.current?.focus({ preventScroll: true })
  }, [])
  const { controls } = layer
  const isClosed = view.chat.blocked || view.chat.closed
  const jumped = useRef<Jump | null>(null)
  useEffect(() => {
    if (jump === null || jump === jumped.current) return
    jumped.current = jump
    controls.jump(jump.key)
  }, [jump, controls])
  return (
    <section
      ref={section}
      className={styles.conversation}
      aria-label={view.chat.title}
      tabIndex={-1}
      onKeyDown={(event) => {
        // Esc closes the topmost thing: here what the composer is at, without it the chat.
        if (event.key !== 'Escape' || event.defaultPrevented || composition.isPlain) return
        if (event.target instanceof Element && event.target.closest('dialog') !== null) return
        event.preventDefault()
        composition.leave()
      }}
    >
      <ConversationHeader
        chat={view.chat}
        members={view.members}
        onBack={onBack}
        onInfo={actions.onInfo}
        onSearch={() => setSearching(!searching)}
        searching={searching}
      />
      {searching && (
        <SearchBar
          world={view}
          onSearch={actions.onSearch}
          onWords={setSought}
          onJump={controls.jump}
          onClose={() => setSearching(false)}
        />
      )}
      <ControlsContext value={layer.controls}>
        <SoughtContext value={sought}>
          <Timeline
            view={view}
            sent={sent}
            jump={layer.jump}
            onLoadOlder={actions.onLoadOlder}
            onVisible={actions.onVisible}
          />
        </SoughtContext>
      </ControlsContext>
      <Announcer items={view.items} unreadBefore={view.unreadBefore} />
      {view.chat.left && <LeftNote composition={composition} />}
      {!view.chat.left && isClosed && (
        <ClosedNote
          chat={view.chat}
          composition={composition}
          help={actions.help}
          onUnblock={actions.onUnblock}
        />
      )}
      {!view.chat.left && !isClosed && (
        <Composer
          composition={composition}
          draft={view.chat.draft}
          sentDrafts={view.chat.sentDrafts}
          items={view.items}
          patients={view.chat.patients}
          onSend={actions.onSend}
          onSendFile={actions.onSendFile}
          onEdit={messages.edit}
          onEditLast={layer.editLast}
          onSent={onSent}
          onDraft={actions.onDraft}
          onTyping={actions.onTyping}
        />
      )}
      {layer.element}
    </section>
  )
}

/** While the chat is read from this device, which mostly is too quick to see. */
export function OpeningConversation({ chat, onBack }: { chat: ChatSummary; onBack: () => void }) {
  return (
    <section className={styles.conversation} aria-label={chat.title}>
      <ConversationHeader chat={chat} members={[]} onBack={onBack} />
      <p className={styles.loading}>
        <Spinner /> Opening…
      </p>
    </section>
  )
}
