import { expect, test } from 'vitest'
import { nextChat, shortcutOf } from './shortcuts.ts'

const press = (key: string, ...held: ('altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey')[]) =>
  shortcutOf({
    key,
    altKey: held.includes('altKey'),
    ctrlKey: held.includes('ctrlKey'),
    metaKey: held.includes('metaKey'),
    shiftKey: held.includes('shiftKey'),
  })

test('keys', () => {
  expect(press('k', 'ctrlKey')).toEqual({ kind: 'search' })
  expect(press('k', 'metaKey')).toEqual({ kind: 'search' })
  expect(press('k')).toBeNull()
  expect(press('Escape')).toEqual({ kind: 'leave' })
  expect(press('Escape', 'shiftKey')).toBeNull()
  expect(press('/', 'ctrlKey')).toEqual({ kind: 'help' })
  expect(press('ArrowDown', 'altKey')).toEqual({ kind: 'switch', step: 1, unread: false })
  expect(press('ArrowUp', 'altKey', 'shiftKey')).toEqual({ kind: 'switch', step: -1, unread: true })
  expect(press('ArrowUp')).toBeNull()
  expect(press('n', 'ctrlKey')).toBeNull()
})

test('switching goes around', () => {
  const read = { unread: 0, markedUnread: false }
  const chats = [
    { id: 'a', ...read },
    { id: 'b', ...read, unread: 2 },
    { id: 'c', ...read },
  ]
  expect(nextChat(chats, 'a', 1, false)?.id).toBe('b')
  expect(nextChat(chats, 'c', 1, false)?.id).toBe('a')
  expect(nextChat(chats, 'a', -1, false)?.id).toBe('c')
  expect(nextChat(chats, null, 1, false)?.id).toBe('a')
  expect(nextChat(chats, null, -1, false)?.id).toBe('c')
  expect(nextChat(chats, 'c', -1, true)?.id).toBe('b')
  expect(nextChat(chats, 'b', 1, true)).toBeUndefined()
  expect(nextChat([...chats, { id: 'd', ...read, markedUnread: true }], 'b', 1, true)?.id).toBe('d')
  expect(nextChat([], null, 1, false)).toBeUndefined()
})
