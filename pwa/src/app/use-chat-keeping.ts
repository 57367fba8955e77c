import type { ChatId } from '@wardline/core/base/ids'
import { useMemo } from 'react'
import type { ChatKeeping } from '../features/chat-list/chat-actions.ts'
import { useToast } from '../ui/toast.tsx'
import type { ChatActions } from './ports.ts'

/**
 * What the list does with chats, with a way back where a chat goes out of sight.
 *
 * @param askToBlock asks once more, for somebody else is told of it
 */
export const useChatKeeping = (
  actions: ChatActions,
  askToBlock: (chat: ChatId) => void,
): ChatKeeping => {
  const toast = useToast()
  return useMemo(() => {
    const watch = (work: Promise<void>) => {
      work.catch(() => toast('This device could not save that'))
    }
    return {
      archive: (chat, archived) => {
        watch(actions.archiveChat(chat, archived))
        toast(archived ? 'Chat archived' : 'Chat is back in the list', {
          label: 'Undo',
          run: () => watch(actions.archiveChat(chat, !archived)),
        })
      },
      pin: (chat, pinned) => watch(actions.setChatPrefs(chat, { pinned })),
      mute: (chat, muted) => watch(actions.setChatPrefs(chat, { muted })),
      markUnread: (chat) => watch(actions.setChatPrefs(chat, { markedUnread: true })),
      setOnRounds: (chat, onRounds) => {
        watch(actions.setChatPrefs(chat, { onRounds }))
        toast(onRounds ? 'On your rounds' : 'No longer on your rounds', {
          label: 'Undo',
          run: () => watch(actions.setChatPrefs(chat, { onRounds: !onRounds })),
        })
      },
      block: (chat, blocked) => {
        if (blocked) return askToBlock(chat)
        watch(actions.setChatPrefs(chat, { blocked }))
        toast('Messages are taken again in this chat')
      },
      markRead: (chat) => watch(actions.markChatRead(chat)),
    }
  }, [actions, toast, askToBlock])
}
