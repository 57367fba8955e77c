import type { Writer } from '@wardline/core/base/client-id'
import { type ChatId, parseMonth, type UserId } from '@wardline/core/base/ids'
import { messageKey } from '@wardline/core/client/model/message-key'
import type { ChatSummary } from '@wardline/core/client/model/views'
import { expect, it } from 'vitest'
import type { ChatRowProps } from './chat-row.tsx'
import { isSameRow } from './same-row.ts'

const pat = { id: 'pat' as UserId, name: 'Pat', role: 'patient' } as const
const nothing = (): void => {}

const row = (more: Partial<ChatSummary> = {}): ChatRowProps => ({
  ...{ href: '#', selected: false, reading: false, tabbable: false, now: 1 },
  ...{ onOpen: nothing, onFocus: nothing, onMenu: nothing },
  chat: {
    ...{ id: 'dm.pat.ada' as ChatId, kind: 'direct', title: 'Pat', peer: pat, patients: [pat] },
    ...{ left: false, online: false, lastSeenAt: null, typing: [], unread: 1, news: null },
    ...{ markedUnread: false, onRounds: false, pinned: false, archived: false, muted: false },
    ...{ blocked: false, closed: false, sentDrafts: [] },
    last: {
      ...{ text: 'Hello', files: 0, file: null, at: 5, arrivedAt: null, mine: true },
      ...{ status: 'stored', retracted: false },
    },
    draft: { id: '', text: '', replyTo: null, edit: null, caption: '' },
    ...more,
  },
})

it('is drawn again for whatever it shows', () => {
  const { chat } = row()
  const last = chat.last as NonNullable<ChatSummary['last']>
  const draft = { ...chat.draft, text: 'Not yet' }
  const edit = {
    ...chat.draft,
    edit: {
      key: messageKey({ month: parseMonth('2026-01')!, writer: 1 as Writer, n: 1 }),
      text: 'Better',
    },
  }
  const changes: readonly Partial<ChatSummary>[] = [
    ...[{ id: 'dm.sam.ada' as ChatId }, { kind: 'group' as const }, { title: 'Patricia' }],
    ...[{ peer: { ...pat, accountClosed: true as const } }, { patients: [] }, { online: true }],
    ...[{ typing: ['Pat'] }, { unread: 2 }, { markedUnread: true }, { pinned: true }],
    ...[{ muted: true }, { last: null }, { draft }, { draft: edit }],
    ...[{ text: 'Bye' }, { files: 1 }, { file: { name: 'a', type: 'b' } }, { at: 6 }].map(
      (change) => ({ last: { ...last, ...change } }),
    ),
    ...[{ arrivedAt: 7 }, { mine: false }, { status: 'read' as const }, { retracted: true }].map(
      (change) => ({ last: { ...last, ...change } }),
    ),
    { last: { ...last, authorName: 'Ada' } },
  ]
  for (const change of changes)
    expect(isSameRow(row(), row(change)), JSON.stringify(change)).toBe(false)
  for (const change of [{ now: 2 }, { selected: true }, { tabbable: true }, { href: '#x' }])
    expect(isSameRow(row(), { ...row(), ...change }), JSON.stringify(change)).toBe(false)
})

it('stays as it is for what only the chat itself shows', () => {
  const news = {
    ...{ key: '2026-01/1.1', at: 5, late: false },
    text: 'Hello',
    files: 0,
    file: null,
  }
  for (const change of [{ lastSeenAt: 4 }, { news }, { sentDrafts: [] }, { blocked: true }])
    expect(isSameRow(row(), row(change as Partial<ChatSummary>))).toBe(true)
})

it('is the same when a text goes on beyond what a line shows', () => {
  const last = row().chat.last as NonNullable<ChatSummary['last']>
  const long = (end: string) => row({ last: { ...last, text: ` ${'x'.repeat(200)}${end}` } })
  expect(isSameRow(long(''), long('and more'))).toBe(true)
  expect(isSameRow(long(''), row({ last: { ...last, text: 'x'.repeat(199) } }))).toBe(false)
})
