import type { ConversationView, ShellView } from '@wardline/core/client/model/views'

/**
 * Own messages that are only on this device, or look so: the conversation on screen is derived
 * after the shell, and what the two say must not contradict each other.
 */
export const withoutTick = (shell: ShellView, conversation: ConversationView | null): number => {
  const onScreen = conversation?.items.filter(
    (item) => item.type === 'message' && item.status === 'waiting' && item.refused === null,
  )
  return Math.max(shell.waiting, onScreen?.length ?? 0)
}
