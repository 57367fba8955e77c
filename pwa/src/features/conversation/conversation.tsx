import type { ChatSummary, ConversationView, MessageView } from '@wardline/core/client/views'
import { useCallback, useEffect, useRef, useState } from 'react'
import { isTouch } from '../../ui/platform.ts'
import { Spinner } from '../../ui/spinner.tsx'
import { Announcer } from './announcer.tsx'
import { Composer } from './composer.tsx'
import styles from './conversation.module.css'
import { ConversationHeader } from './conversation-header.tsx'
import { Timeline } from './timeline.tsx'

type Key = MessageView['key']

interface Props {
  view: ConversationView
  onBack: () => void
  onLoadOlder: () => Promise<void>
  onSend: (text: string) => Promise<void>
  onDraft: (text: string) => void
  onTyping: (typing: boolean) => void
  onVisible: (keys: Key[]) => void
  onRetry: (key: Key) => void
}

/** One chat, from opening to leaving it. Give it a key, so that nothing switches under it. */
export function Conversation({ view, onBack, ...actions }: Props) {
  const [sent, setSent] = useState(0)
  const onSent = useCallback(() => setSent((count) => count + 1), [])
  const section = useRef<HTMLElement>(null)
  // With a keyboard the composer takes the focus; a finger's reader must arrive here too.
  useEffect(() => {
    if (isTouch()) section.current?.focus({ preventScroll: true })
  }, [])
  return (
    <section
      ref={section}
      className={styles.conversation}
      aria-label={view.chat.title}
      tabIndex={-1}
    >
      <ConversationHeader chat={view.chat} members={view.members} onBack={onBack} />
      <Timeline
        view={view}
        sent={sent}
        onLoadOlder={actions.onLoadOlder}
        onVisible={actions.onVisible}
        onRetry={actions.onRetry}
      />
      <Announcer items={view.items} />
      <Composer
        draft={view.chat.draft}
        onSend={actions.onSend}
        onSent={onSent}
        onDraft={actions.onDraft}
        onTyping={actions.onTyping}
      />
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
