import { parseChatId, parseMonth } from '@wardline/core/base/ids'
import { noDraft } from '@wardline/core/client/model/composer-draft'
import { messageKey } from '@wardline/core/client/model/message-key'
import type { ChatSummary, LastMessage, NewsView } from '@wardline/core/client/model/views'
import { expect, test } from 'vitest'
import { newlyArrived } from './new-messages.ts'
import { unreadChats, unreadMessages } from './unread-count.ts'

const NOW = 1_000_000_000

const last = (more: Partial<LastMessage> = {}): LastMessage => ({
  text: 'Hello',
  files: 0,
  file: null,
  at: NOW - 1000,
  arrivedAt: null,
  mine: false,
  status: null,
  retracted: false,
  ...more,
})

const chat = (more: Partial<ChatSummary> = {}): ChatSummary => ({
  id: parseChatId('dm.pat.ada')!,
  kind: 'direct',
  title: 'Dr Ada',
  peer: null,
  patients: [],
  left: false,
  markedUnread: false,
  onRounds: false,
  pinned: false,
  archived: false,
  muted: false,
  blocked: false,
  closed: false,
  online: false,
  lastSeenAt: null,
  typing: [],
  unread: 0,
  news: null,
  last: null,
  draft: noDraft,
  sentDrafts: [],
  ...more,
})

test('only what is not muted and not put away asks for attention', () => {
  const chats = [
    chat({ unread: 3 }),
    chat({ unread: 2, muted: true }),
    chat({ unread: 5, archived: true }),
    chat({ markedUnread: true }),
    chat({ markedUnread: true, unread: 2 }),
    chat(),
  ]
  expect(unreadMessages(chats)).toBe(6)
  expect(unreadChats(chats)).toBe(3)
})

const news = (n: number, more: Partial<NewsView> = {}): NewsView => ({
  key: messageKey({ month: parseMonth('2026-11')!, writer: 7, n }),
  at: n,
  late: false,
  text: 'Hello',
  files: 0,
  file: null,
  ...more,
})

test('what is unread and was not there before has arrived, whenever it was written', () => {
  const before = [chat()]
  for (const more of [{}, { at: 0 }, { late: true }]) {
    const written = chat({ unread: 1, news: news(1, more), last: last() })
    expect(newlyArrived(before, [written])).toEqual([written])
    // What the chat shows last, and when that was written, has nothing to do with it.
    const overtaken = { ...written, last: last({ mine: true, at: 5 }) }
    expect(newlyArrived([chat({ last: last({ mine: true, at: 5 }) })], [overtaken])).toHaveLength(1)
    expect(newlyArrived(null, [written])).toEqual([])
    expect(newlyArrived([], [written])).toEqual([written])
    expect(newlyArrived([written], [{ ...written, typing: ['Dr Ada'] }])).toEqual([])
    expect(newlyArrived(before, [{ ...written, muted: true }])).toEqual([])
    expect(newlyArrived(before, [{ ...written, unread: 0, news: null }])).toEqual([])
  }
})

test('one that comes while another is read elsewhere has arrived, one that is left has not', () => {
  const two = chat({ unread: 2, news: news(5) })
  const another = chat({ unread: 2, news: news(6) })
  expect(newlyArrived([two], [another])).toEqual([another])
  expect(newlyArrived([two], [chat({ unread: 1, news: news(4) })])).toEqual([])
  expect(newlyArrived([two], [chat({ unread: 1, news: news(5) })])).toEqual([])
})
