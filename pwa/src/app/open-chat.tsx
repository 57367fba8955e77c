import type { ChatId } from '@wardline/core/base/ids'
import type { ComposerDraft } from '@wardline/core/client/model/composer-draft'
import type { ConversationView, MessageView, ShellView } from '@wardline/core/client/model/views'
import { useMemo } from 'react'
import { Conversation, OpeningConversation } from '../features/conversation/conversation.tsx'
import type { Written } from '../features/conversation/written.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ChatFiles } from './chat-files.tsx'
import { EmergencyLink } from './emergency-link.tsx'
import type { ChatActions } from './ports.ts'
import { sendTextFile } from './send-text-file.ts'

type Key = MessageView['key']

/** As many messages as anybody steps through. */
const MOST_HITS = 500

/** A wish to see a message. A new object is a new wish. */
export interface MessageJump {
  chat: ChatId
  key: Key
}

interface Props {
  chat: ChatId
  shell: ShellView
  conversation: ConversationView | null
  jump: MessageJump | null
  actions: ChatActions
  onBack: () => void
  onInfo: () => void
  onUnblock: () => void
}

/** The chat of the address bar: read, being read, or not on this device. */
export function OpenChat(props: Props) {
  const { chat, shell, conversation, jump, actions, onBack, onInfo, onUnblock } = props
  const bound = useMemo(
    () => ({
      onLoadOlder: () => actions.loadOlder(),
      onSend: (written: Written) => actions.send(chat, written),
      onSendFile: (written: Written) => sendTextFile(chat, written, actions),
      onDraft: (draft: ComposerDraft) => actions.setDraft(chat, draft),
      onTyping: (typing: boolean) => actions.setTyping(chat, typing),
      onVisible: (keys: Key[]) => actions.markVisible(chat, keys),
      onSearch: (query: string) => actions.search(query, { chat, limit: MOST_HITS }),
      messages: {
        edit: (key: Key, text: string) => actions.editMessage(chat, key, text),
        retract: (key: Key) => actions.retractMessage(chat, key),
        react: (key: Key, emoji: string) => actions.reactToMessage(chat, key, emoji),
        retry: (key: Key) => actions.retryMessage(chat, key),
        history: (key: Key) => actions.messageHistory(chat, key),
        info: (key: Key) => actions.messageInfo(chat, key),
      },
    }),
    [chat, actions],
  )
  if (conversation?.chat.id === chat)
    return (
      <ChatFiles
        chat={chat}
        items={conversation.items}
        hasOlder={conversation.hasOlder}
        actions={actions}
      >
        <Conversation
          key={chat}
          view={conversation}
          jump={jump?.chat === chat ? jump : null}
          onBack={onBack}
          onInfo={onInfo}
          help={<EmergencyLink />}
          onUnblock={onUnblock}
          {...bound}
        />
      </ChatFiles>
    )
  const summary = shell.chats.find(({ id }) => id === chat)
  if (summary !== undefined) return <OpeningConversation chat={summary} onBack={onBack} />
  return (
    <EmptyState
      title="This chat is not here"
      text="It may arrive when you are connected, or it belongs to another account."
      action={<Button onClick={onBack}>Back to chats</Button>}
    />
  )
}
