import type { ChatSummary } from '@wardline/core/client/views'

/** Older than this (ms) it was not just written: the device is catching up. */
const JUST = 2 * 60_000

/** Chats in which somebody else has just written, and that are not muted. */
export const newlyWritten = (
  before: readonly ChatSummary[] | null,
  chats: readonly ChatSummary[],
  now: number,
): readonly ChatSummary[] => {
  if (before === null || before === chats) return []
  const known = new Map(before.map((chat) => [chat.id, chat]))
  return chats.filter((chat) => {
    const { last, muted, unread } = chat
    if (muted || last === null || last.mine || last.retracted || now - last.at > JUST) return false
    const was = known.get(chat.id)
    return unread > (was?.unread ?? 0) && last.at !== was?.last?.at
  })
}
