import type { ChatSummary } from '@wardline/core/client/model/views'

/**
 * Chats in which there is something unread that was not there before, whenever it was written and
 * wherever it sorts, and that are not muted.
 */
export const newlyArrived = (
  before: readonly ChatSummary[] | null,
  chats: readonly ChatSummary[],
): readonly ChatSummary[] => {
  if (before === null || before === chats) return []
  const known = new Map(before.map((chat) => [chat.id, chat]))
  return chats.filter(({ id, muted, unread, news }) => {
    if (muted || news === null) return false
    const was = known.get(id)
    if (unread > (was?.unread ?? 0)) return true
    // While one was read on another device another one came.
    return (
      was !== undefined && was.news !== null && news.key !== was.news.key && news.at > was.news.at
    )
  })
}
