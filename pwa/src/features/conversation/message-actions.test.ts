import { parseMonth } from '@wardline/core/base/ids'
import type { TimelineItem } from '@wardline/core/client/model/views'
import { expect, test } from 'vitest'
import { composerKey } from './composer-keys.ts'
import { jumpStep } from './jump-step.ts'
import { actionsOf, lastEditable, type Message, nextReaction } from './message.ts'
import { swipeAnswers, swipeAxis, swipeOffset } from './swipe.ts'

const message = (n: number, more: Partial<Message> = {}, month = '2026-11'): Message => ({
  type: 'message',
  key: `${parseMonth(month)!}/7.${n}`,
  author: 1,
  authorName: 'Pat',
  mine: true,
  at: n,
  text: 'Hello',
  status: 'read',
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

test('what can be done depends on whose message it is, and on where it got to', () => {
  const own = ['react', 'reply', 'copy', 'edit', 'info', 'delete']
  expect(actionsOf(message(1), true)).toEqual(own)
  const theirs = message(1, { mine: false, status: null })
  expect(actionsOf(theirs, true)).toEqual(['react', 'reply', 'copy', 'info'])
  expect(actionsOf(message(1, { retracted: true }), true)).toEqual([])
  const refused = message(1, { refused: 'The message is too long.' })
  expect(actionsOf(refused, true)).toEqual(['retry', 'copy', 'discard'])
  expect(actionsOf(message(1), false)).toEqual(['copy', 'info'])
  expect(actionsOf(message(1, { text: '' }), true)).toEqual(['react', 'reply', 'info', 'delete'])
})

test('ArrowUp edits the last own message that can be edited', () => {
  const items = [
    message(1),
    message(2),
    message(3, { retracted: true }),
    message(4, { refused: 'no' }),
    message(5, { mine: false }),
  ]
  expect(lastEditable(items)?.key).toBe('2026-11/7.2')
  expect(lastEditable([message(5, { mine: false })])).toBeUndefined()
  const up = { key: 'ArrowUp', shiftKey: false, altKey: false, ctrlKey: false, metaKey: false }
  const typed = { isComposing: false, keyCode: 38 }
  expect(composerKey({ ...up, ...typed }, false)).toBe('edit-last')
  expect(composerKey({ ...up, ...typed, shiftKey: true }, false)).toBe('none')
  expect(composerKey({ ...up, ...typed, isComposing: true }, false)).toBe('none')
})

test('the same emoji again takes the reaction back', () => {
  const liked = message(1, { reactions: [{ emoji: '👍', names: ['Pat'], mine: true }] })
  expect(nextReaction(liked, '👍')).toBe('')
  expect(nextReaction(liked, '🙏')).toBe('🙏')
  const others = message(1, { reactions: [{ emoji: '👍', names: ['Ada'], mine: false }] })
  expect(nextReaction(others, '👍')).toBe('👍')
})

test('a jump scrolls, loads older months, or knows that there is nothing to find', () => {
  const items: TimelineItem[] = [message(1, {}, '2026-10'), message(2, {}, '2026-11')]
  expect(jumpStep(items, '2026-11/7.2', true)).toEqual({ kind: 'scroll', index: 1 })
  expect(jumpStep(items, '2026-09/7.9', true)).toEqual({ kind: 'load' })
  expect(jumpStep(items, '2026-09/7.9', false)).toEqual({ kind: 'missing' })
  // Its month is there as a whole, and it is not in it.
  expect(jumpStep(items, '2026-11/7.9', true)).toEqual({ kind: 'missing' })
})

test('only a clear sideways move is a swipe, and it answers when it was far enough', () => {
  expect(swipeAxis(5, 5)).toBe('undecided')
  expect(swipeAxis(14, 3)).toBe('swipe')
  expect(swipeAxis(14, 13)).toBe('scroll')
  expect(swipeAxis(-20, 0)).toBe('scroll')
  expect(swipeOffset(10)).toBe(0)
  expect(swipeOffset(52)).toBe(40)
  expect(swipeOffset(1000)).toBe(84)
  expect(swipeAnswers(60)).toBe(false)
  expect(swipeAnswers(70)).toBe(true)
})
