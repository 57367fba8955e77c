import type { ChatSummary } from '@wardline/core/client/views'
import { parseChatId } from '@wardline/core/ids/ids'
import { expect, test } from 'vitest'
import { filterChats } from './filter-chats.ts'
import { steadyOrder } from './steady-order.ts'

const chat = (title: string, n: number): ChatSummary => ({
  id: parseChatId(`dm.patient-${n}.doctor-${n}`)!,
  kind: 'direct',
  title,
  peer: null,
  left: false,
  markedUnread: false,
  pinned: false,
  archived: false,
  muted: false,
  online: false,
  lastSeenAt: null,
  typing: [],
  unread: 0,
  last: null,
  draft: '',
})

test('search folds case and accents and wants every word', () => {
  const chats = ['Dr José Álvarez', 'Dr Ada Osei', 'Dr Adam Josephson'].map(chat)
  const titles = (query: string) => filterChats(chats, query).map((found) => found.title)
  expect(titles('  ')).toHaveLength(3)
  expect(titles('jose')).toEqual(['Dr José Álvarez', 'Dr Adam Josephson'])
  expect(titles('ada osei')).toEqual(['Dr Ada Osei'])
  expect(titles('nobody')).toEqual([])
})

test('the order stays under a finger', () => {
  const a = { id: 'a' }
  const b = { id: 'b' }
  const c = { id: 'c' }
  expect(steadyOrder([b, a], null)).toEqual([b, a])
  expect(steadyOrder([b, a], ['a', 'b'])).toEqual([a, b])
  expect(steadyOrder([c, b, a], ['a', 'b'])).toEqual([c, a, b])
  expect(steadyOrder([b], ['a', 'b'])).toEqual([b])
})
