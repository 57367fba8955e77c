import type { ChatId } from '@wardline/core/base/ids'
import type { Attachment } from '@wardline/core/chat/attachment'
import type { WriteOutcome } from '@wardline/core/client/conversation/write-outcome'
import type { TimelineItem } from '@wardline/core/client/model/views'
import { type ReactNode, useMemo } from 'react'
import { AttachTools } from '../features/attachments/attach-tools.tsx'
import { ChatPictures } from '../features/attachments/chat-pictures.tsx'
import { type FilePort, FilePortContext } from '../features/attachments/file-port.ts'
import { MessageFiles } from '../features/attachments/message-files.tsx'
import { VoiceButton } from '../features/attachments/voice-button.tsx'
import { type ConversationParts, PartsContext } from '../features/conversation/parts.ts'
import { EmojiPanel } from '../features/emoji/emoji-panel.tsx'
import { useToast } from '../ui/toast.tsx'
import { writeProblem } from '../ui/write-problem.ts'
import type { ChatActions } from './ports.ts'

const parts: ConversationParts = {
  Files: MessageFiles,
  Attach: AttachTools,
  Voice: VoiceButton,
  Emoji: EmojiPanel,
}

/** Gives the conversation inside it files: to show, to send, to record. */
export function ChatFiles(props: {
  chat: ChatId
  items: readonly TimelineItem[]
  hasOlder: boolean
  actions: ChatActions
  children: ReactNode
}) {
  const { chat, items, hasOlder, actions, children } = props
  const toast = useToast()
  const port = useMemo((): FilePort => {
    const told = (outcome: WriteOutcome) => {
      if (outcome.kind !== 'stored') toast(writeProblem(outcome, 'message'))
    }
    return {
      send: (text, files, replyTo) => actions.sendFiles(chat, text, files, replyTo),
      peek: (attachment: Attachment) => actions.peekFile(attachment),
      open: (attachment, progress) => actions.openFile(chat, attachment, progress),
      cancel: (key) => void actions.retractMessage(chat, key).then(told),
      retry: (key) => void actions.retryMessage(chat, key).then(told),
    }
  }, [chat, actions, toast])
  return (
    <FilePortContext value={port}>
      <PartsContext value={parts}>
        <ChatPictures items={items} hasOlder={hasOlder} onLoadOlder={actions.loadOlder}>
          {children}
        </ChatPictures>
      </PartsContext>
    </FilePortContext>
  )
}
