/** Keys that work everywhere in the app. Not Ctrl+N, T, W: those are the browser's. */
export type Shortcut =
  | { kind: 'search' }
  | { kind: 'help' }
  | { kind: 'leave' }
  | { kind: 'switch'; step: 1 | -1; unread: boolean }

interface Pressed {
  key: string
  altKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
}

export const shortcutOf = (event: Pressed): Shortcut | null => {
  const bare = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey
  if (bare && event.key === 'Escape') return { kind: 'leave' }
  const command = (event.ctrlKey || event.metaKey) && !event.altKey
  if (command && !event.shiftKey && event.key.toLowerCase() === 'k') return { kind: 'search' }
  if (command && event.key === '/') return { kind: 'help' }
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    if (event.key === 'ArrowDown') return { kind: 'switch', step: 1, unread: event.shiftKey }
    if (event.key === 'ArrowUp') return { kind: 'switch', step: -1, unread: event.shiftKey }
  }
  return null
}

/** The next chat in the list from the open one, around its ends; undefined when there is none. */
export const nextChat = <T extends { id: string; unread: number; markedUnread: boolean }>(
  chats: readonly T[],
  open: string | null,
  step: 1 | -1,
  unread: boolean,
): T | undefined => {
  const count = chats.length
  const at = chats.findIndex((chat) => chat.id === open)
  const start = at < 0 ? (step > 0 ? -1 : count) : at
  for (let moved = 1; moved <= count; moved++) {
    const chat = chats[(start + step * moved + count * 2) % count]
    if (chat !== undefined && chat.id !== open && (!unread || chat.unread > 0 || chat.markedUnread))
      return chat
  }
  return undefined
}
