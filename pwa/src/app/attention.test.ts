import { noDraft } from '@wardline/core/client/composer-draft'
import type { ChatSummary, LastMessage } from '@wardline/core/client/views'
import { parseChatId } from '@wardline/core/ids/ids'
import { expect, test } from 'vitest'
import { newlyWritten } from './new-messages.ts'
import { unreadChats, unreadMessages } from './unread-count.ts'

const NOW = 1_000_000_000

const last = (more: Partial<LastMessage> = {}): LastMessage => ({
  text: 'Hello',
  files: 0,
  at: NOW - 1000,
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

test('a message is new when somebody else has just written it', () => {
  const before = [chat()]
  const written = chat({ unread: 1, last: last() })
  expect(newlyWritten(before, [written], NOW)).toEqual([written])
  expect(newlyWritten(null, [written], NOW)).toEqual([])
  expect(newlyWritten([], [written], NOW)).toEqual([written])
  expect(newlyWritten([written], [{ ...written, typing: ['Dr Ada'] }], NOW)).toEqual([])
  expect(newlyWritten(before, [{ ...written, muted: true }], NOW)).toEqual([])
  expect(newlyWritten(before, [{ ...written, unread: 0 }], NOW)).toEqual([])
  expect(newlyWritten(before, [chat({ last: last({ mine: true }) })], NOW)).toEqual([])
  const old = chat({ unread: 1, last: last({ at: NOW - 10 * 60_000 }) })
  expect(newlyWritten(before, [old], NOW)).toEqual([])
})
