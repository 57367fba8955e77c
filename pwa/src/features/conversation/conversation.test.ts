import { parseMonth } from '@wardline/core/base/ids'
import type { MessageView, TimelineItem } from '@wardline/core/client/model/views'
import { describe, expect, test } from 'vitest'
import { announcement } from './announcement.ts'
import { arrivedIn } from './arrived.ts'
import { composerKey, restAfter } from './composer-keys.ts'
import { buildRows } from './rows.ts'
import { isBigEmoji, textParts } from './text-parts.ts'
import { incomingAfter, nextStep, timelineChange } from './timeline-change.ts'
import { typingText } from './typing-text.ts'
import { unreadAbove, unreadAboveText } from './unread-above.ts'
import { dividers, unreadAtOpening, withOlder } from './unread-divider.ts'
import { visibleKeys } from './visible-messages.ts'

const month = parseMonth('2025-11')!
const noon = new Date(2025, 10, 5, 12).getTime()
const minute = 60_000

const message = (
  n: number,
  at = noon + n * minute,
  more: Partial<MessageView> = {},
): TimelineItem => ({
  type: 'message',
  key: `${month}/7.${n}`,
  author: 2,
  authorName: 'Dr Ada',
  mine: false,
  at,
  text: `text ${n}`,
  status: null,
  refused: null,
  edited: false,
  retracted: false,
  reply: null,
  reactions: [],
  attachments: [],
  writtenBefore: null,
  arrivedAt: null,
  datedBefore: null,
  unread: false,
  ...more,
})
const mine = (n: number, at?: number) => message(n, at, { author: 1, mine: true, status: 'stored' })
const join = (n: number, at: number): TimelineItem => ({
  type: 'membership',
  key: `join-${n}`,
  at,
  names: ['Ben'],
  event: 'joined',
  by: null,
})

describe('rows', () => {
  test('one sender groups within 5 minutes', () => {
    const rows = buildRows(
      [message(0), message(1), message(2, noon + 6 * minute), mine(3, noon + 6 * minute)],
      new Map(),
    )
    expect(rows.map((row) => [row.joinsPrevious, row.joinsNext])).toEqual([
      [false, true],
      [true, false],
      [false, false],
      [false, false],
    ])
  })

  test('a day, a membership line and the divider split a group', () => {
    const midnight = new Date(2025, 10, 6).getTime()
    const rows = buildRows(
      [
        message(1, midnight - minute),
        message(2, midnight),
        join(1, midnight + 1),
        message(3, midnight + minute),
        message(4, midnight + minute),
      ],
      new Map([[`${month}/7.4`, 3]]),
    )
    expect(rows.map((row) => row.joinsNext)).toEqual([false, false, false, false, false])
    expect(rows.map((row) => row.opensDay)).toEqual([true, true, false, false, false])
    expect(rows.map((row) => row.divider)).toEqual([null, null, null, null, 3])
  })
})

describe('the unread dividers', () => {
  const unread = (n: number, at?: number) => message(n, at, { unread: true })
  const at = (items: readonly TimelineItem[], opening = items) => [
    ...dividers(items, unreadAtOpening(opening)),
  ]
  const key = (n: number) => `${month}/7.${n}`

  test('one stands above what is unread at the end', () => {
    const gone = message(3, undefined, { retracted: true })
    expect(at([message(1), unread(2), gone, join(1, noon), unread(4)])).toEqual([[key(2), 2]])
  })

  test('one stands above each place where something is unread', () => {
    const items = [unread(0), message(1), unread(2), unread(3), mine(4), unread(6), message(7)]
    expect(at(items)).toEqual([
      [key(0), 1],
      [key(2), 2],
      [key(6), 1],
    ])
  })

  test('they do not move when more arrive, or when it is read', () => {
    const items = [message(1), unread(2), mine(3)]
    const later = [message(1), unread(0), message(2), mine(3), unread(6), unread(7)]
    expect(at(later, items)).toEqual([[key(2), 1]])
  })

  test('older months bring theirs when they are loaded', () => {
    const items = [message(3), unread(4)]
    const opening = unreadAtOpening(items)
    const more = [unread(0), message(1), ...items, unread(5)]
    expect([...dividers(more, withOlder(opening, more))]).toEqual([
      [key(0), 1],
      [key(4), 1],
    ])
    const joined = [unread(1), unread(2), unread(4)]
    const grown = withOlder(unreadAtOpening([unread(4)]), joined)
    expect([...dividers(joined, grown)]).toEqual([[key(1), 3]])
  })

  test('none without unread messages', () => {
    expect(at([message(1), mine(2)])).toEqual([])
    expect(at([])).toEqual([])
  })
})

describe('what is unread above the view', () => {
  const late = (n: number) => message(n, undefined, { unread: true, arrivedAt: noon + n })
  const items = [late(1), message(2), late(3), message(4), late(5)]

  test('is what lies above it, with the way to the first', () => {
    expect(unreadAbove(items, 0, null)).toBeNull()
    expect(unreadAbove(items, -1, null)).toBeNull()
    expect(unreadAbove(items, 4, null)).toEqual({
      count: 2,
      first: items[0]?.key,
      arrivedAt: noon + 1,
    })
    expect(unreadAbove([message(1), message(2)], 2, null)).toBeNull()
  })

  test('counts what is not loaded, too', () => {
    const before = { count: 3, first: `${parseMonth('2025-01')!}/7.1`, arrivedAt: noon } as const
    expect(unreadAbove(items, 1, before)).toEqual({ ...before, count: 4 })
    expect(unreadAbove([], 0, before)).toEqual(before)
  })

  test('is only said to be late when all of it is', () => {
    const mixed = [late(1), message(2, undefined, { unread: true })]
    expect(unreadAbove(mixed, 2, null)).toMatchObject({ count: 2, arrivedAt: null })
    const now = noon + minute
    expect(unreadAboveText({ count: 2, first: key, arrivedAt: null }, now)).toBe('2 unread')
    expect(unreadAboveText({ count: 2, first: key, arrivedAt: noon }, now)).toMatch(
      /^2 arrived late, 12:00/,
    )
  })
  const { key } = items[0] as Extract<TimelineItem, { type: 'message' }>
})

describe('what has arrived', () => {
  const items = [message(3), message(4)]

  test('is new, wherever it sorts', () => {
    const [late, newest] = [message(2), message(5)]
    expect(arrivedIn(items, [late, ...items, newest])).toEqual([late, newest])
    expect(arrivedIn(items, [message(3), message(6), message(4)])).toHaveLength(1)
  })

  test('is not what was loaded, nor one’s own, nor the first of all', () => {
    const older = { ...message(1), key: '2025-10/7.1' } as TimelineItem
    expect(arrivedIn(items, [older, ...items, mine(9)])).toEqual([])
    expect(arrivedIn([], items)).toEqual([])
    expect(arrivedIn(items, items)).toEqual([])
  })
})

describe('timeline change', () => {
  const items = [message(3), message(4)]

  test('tells growth at the ends from a change in between', () => {
    expect(timelineChange(items, items)).toEqual({ kind: 'same' })
    expect(timelineChange(items, [message(3), message(4)])).toEqual({ kind: 'same' })
    expect(timelineChange([], items)).toEqual({ kind: 'grown', before: 0, after: 2 })
    expect(timelineChange(items, [message(2), ...items, message(5)])).toEqual({
      kind: 'grown',
      before: 1,
      after: 1,
    })
    expect(timelineChange(items, [message(3), mine(9), message(4)])).toEqual({ kind: 'mixed' })
    expect(timelineChange(items, [message(4)])).toEqual({ kind: 'mixed' })
    expect(timelineChange(items, [message(3)])).toEqual({ kind: 'mixed' })
  })

  test('growth at both ends goes in two steps, older first', () => {
    const target = [message(1), message(2), ...items, message(5)]
    const step = nextStep(items, target)
    expect(step.map((item) => item.key)).toEqual(target.slice(0, 4).map((item) => item.key))
    expect(nextStep(step, target)).toBe(target)
    expect(nextStep(items, [...items, message(5)])).toHaveLength(3)
  })

  test('counts what others wrote after an item', () => {
    const all = [...items, mine(5), message(6), message(7)]
    expect(incomingAfter(all, `${month}/7.4`)).toBe(2)
    expect(incomingAfter(all, `${month}/7.7`)).toBe(0)
    expect(incomingAfter(all, null)).toBe(4)
  })
})

describe('visible messages', () => {
  const viewport = { top: 100, bottom: 500 }

  test('most of a message, or half a screen of a tall one', () => {
    expect(
      visibleKeys(
        [
          { key: 'above', top: 0, bottom: 90 },
          { key: 'barely', top: 60, bottom: 120 },
          { key: 'inside', top: 120, bottom: 180 },
          { key: 'edge', top: 470, bottom: 520 },
          { key: 'cut', top: 490, bottom: 560 },
          { key: 'tall', top: 290, bottom: 3000 },
          { key: 'hidden', top: 200, bottom: 200 },
        ],
        viewport,
      ),
    ).toEqual(['inside', 'edge', 'tall'])
  })
})

describe('announcement', () => {
  test('reads up to three and counts more', () => {
    expect(announcement([message(1), mine(2)])).toBe('Dr Ada: text 1')
    expect(announcement([message(1), message(2), message(3)]).split('\n')).toHaveLength(3)
    expect(announcement([message(1), message(2), message(3), message(4)])).toBe(
      '4 new messages from Dr Ada',
    )
    expect(announcement([mine(1)])).toBe('')
  })
})

describe('composer', () => {
  const enter = {
    key: 'Enter',
    shiftKey: false,
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    isComposing: false,
    keyCode: 13,
  }

  test('keys', () => {
    expect(composerKey(enter, false)).toBe('send')
    expect(composerKey({ ...enter, shiftKey: true }, false)).toBe('none')
    expect(composerKey(enter, true)).toBe('none')
    expect(composerKey({ ...enter, ctrlKey: true }, true)).toBe('send')
    expect(composerKey({ ...enter, isComposing: true }, false)).toBe('none')
    expect(composerKey({ ...enter, keyCode: 229 }, false)).toBe('none')
    expect(composerKey({ ...enter, key: 'Escape' }, false)).toBe('leave')
    expect(composerKey({ ...enter, key: 'Escape', isComposing: true }, false)).toBe('none')
  })

  test('what is typed while a message is being saved stays', () => {
    expect(restAfter('hello', 'hello')).toBe('')
    expect(restAfter('hello\nand', 'hello')).toBe('and')
    expect(restAfter('something else', 'hello')).toBe('something else')
  })
})

test('typing', () => {
  expect(typingText([])).toBe('')
  expect(typingText(['Dr Ada Osei'])).toBe('Dr Ada Osei is typing')
  expect(typingText(['Ada', 'Ben'])).toBe('Ada and Ben are typing')
  expect(typingText(['Ada', 'Ben', 'Cy'])).toBe('3 people are typing')
})

describe('text', () => {
  test('links end before punctuation, and only http is one', () => {
    expect(textParts('See https://a.example/x?y=1). Or javascript:alert(1)')).toEqual([
      { text: 'See ', href: null, at: 0 },
      { text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1', at: 4 },
      { text: '). Or javascript:alert(1)', href: null, at: 27 },
    ])
    expect(textParts('plain')).toEqual([{ text: 'plain', href: null, at: 0 }])
    expect(textParts('https://')).toEqual([{ text: 'https://', href: null, at: 0 }])
  })

  test('emoji alone are big', () => {
    expect(isBigEmoji('👍')).toBe(true)
    expect(isBigEmoji('👩🏽‍⚕️ ❤️')).toBe(true)
    for (const one of [
      '🇩🇪',
      '1️⃣',
      '#️⃣',
      '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
      '👨‍👩‍👧‍👦',
      '👍🏽',
      '👩🏽‍❤️‍💋‍👨🏿',
      '🏳️‍🌈',
      '🐦‍🔥',
      '🫶',
      '☎️',
      '🏴‍☠️',
    ])
      for (const text of [one, one.repeat(2), `${one} ${one}\n${one}`, ` ${one} `])
        expect([text, isBigEmoji(text)]).toEqual([text, true])
    for (const text of [
      '1',
      '12',
      '#',
      '🇩',
      '©',
      '™',
      '1\uFE0F',
      '🇩🇪a',
      '👍 1',
      '👍\u{E0041}',
      '',
      ' ',
    ])
      expect([text, isBigEmoji(text)]).toEqual([text, false])
    expect(isBigEmoji('👍👍👍👍')).toBe(false)
    expect(isBigEmoji('ok 👍')).toBe(false)
    expect(isBigEmoji('112')).toBe(false)
  })
})
