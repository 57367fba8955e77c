/** A message of the timeline, and what can be done with it. */
import type { TimelineItem } from '@wardline/core/client/model/views'

export type Message = Extract<TimelineItem, { type: 'message' }>
export type MessageKey = Message['key']

export type MessageAction =
  | 'react'
  | 'reply'
  | 'copy'
  | 'edit'
  | 'info'
  | 'retry'
  /** For everyone. */
  | 'delete'
  /** A refused message is on this device only. */
  | 'discard'

/** In the order of the menu. Nothing is left to do with a message that was taken back. */
export const actionsOf = (message: Message, canWrite: boolean): readonly MessageAction[] => {
  if (message.retracted) return []
  const copy: readonly MessageAction[] = message.text === '' ? [] : ['copy']
  if (message.transfer !== undefined) return [...copy, 'discard']
  if (message.refused !== null) return ['retry', ...copy, 'discard']
  if (!canWrite) return [...copy, 'info']
  const own: readonly MessageAction[] = message.mine ? ['delete'] : []
  const edit: readonly MessageAction[] = message.mine && message.text !== '' ? ['edit'] : []
  return ['react', 'reply', ...copy, ...edit, 'info', ...own]
}

/** Undefined while it is not loaded. */
export const messageOf = (items: readonly TimelineItem[], key: MessageKey): Message | undefined => {
  const item = items.find((one) => one.key === key)
  return item?.type === 'message' ? item : undefined
}

/** The last own message that can be edited. */
export const lastEditable = (items: readonly TimelineItem[]): Message | undefined => {
  for (const item of [...items].reverse())
    if (item.type === 'message' && actionsOf(item, true).includes('edit')) return item
  return undefined
}

/** What a press on an emoji asks for: the own reaction goes when it was this one already. */
export const nextReaction = (message: Message, emoji: string): string =>
  message.reactions.some((reaction) => reaction.mine && reaction.emoji === emoji) ? '' : emoji
