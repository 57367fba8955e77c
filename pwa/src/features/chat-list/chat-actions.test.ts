import { expect, test } from 'vitest'
import { chatActionsOf, isUnread } from './chat-actions.ts'

const plain = {
  kind: 'group' as 'group' | 'direct',
  blocked: false,
  archived: false,
  pinned: false,
  muted: false,
  unread: 0,
  markedUnread: false,
  onRounds: false,
}

test('the menu of a chat offers the way there, or the way back', () => {
  expect(chatActionsOf(plain, false)).toEqual(['mark-unread', 'pin', 'mute', 'archive'])
  expect(chatActionsOf({ ...plain, pinned: true, muted: true, unread: 2 }, false)).toEqual([
    'mark-read',
    'unpin',
    'unmute',
    'archive',
  ])
  expect(chatActionsOf({ ...plain, archived: true, markedUnread: true }, false)).toEqual([
    'mark-read',
    'mute',
    'unarchive',
  ])
})

test('a doctor puts chats on their rounds, and takes them off', () => {
  expect(chatActionsOf(plain, true)).toContain('to-rounds')
  expect(chatActionsOf({ ...plain, onRounds: true }, true)).toContain('off-rounds')
})

test('a person is blocked in a direct chat, and a group is left', () => {
  expect(chatActionsOf({ ...plain, kind: 'direct' }, false).at(-1)).toBe('block')
  expect(chatActionsOf({ ...plain, kind: 'direct', blocked: true }, false).at(-1)).toBe('unblock')
  expect(chatActionsOf(plain, false)).not.toContain('block')
})

test('a chat is unread by its messages or by its mark', () => {
  expect(isUnread(plain)).toBe(false)
  expect(isUnread({ unread: 1, markedUnread: false })).toBe(true)
  expect(isUnread({ unread: 0, markedUnread: true })).toBe(true)
})
