import { expect, test } from 'vitest'
import { chatActionsOf, isUnread } from './chat-actions.ts'

const plain = { archived: false, pinned: false, muted: false, unread: 0, markedUnread: false }

test('the menu of a chat offers the way there, or the way back', () => {
  expect(chatActionsOf(plain)).toEqual(['mark-unread', 'pin', 'mute', 'archive'])
  expect(chatActionsOf({ ...plain, pinned: true, muted: true, unread: 2 })).toEqual([
    'mark-read',
    'unpin',
    'unmute',
    'archive',
  ])
  expect(chatActionsOf({ ...plain, archived: true, markedUnread: true })).toEqual([
    'mark-read',
    'mute',
    'unarchive',
  ])
})

test('a chat is unread by its messages or by its mark', () => {
  expect(isUnread(plain)).toBe(false)
  expect(isUnread({ unread: 1, markedUnread: false })).toBe(true)
  expect(isUnread({ unread: 0, markedUnread: true })).toBe(true)
})
