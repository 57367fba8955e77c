import { parseChatId, parseUserId } from '@wardline/core/base/ids'
import { expect, it } from 'vitest'
import type { Chat, Member } from '../directory/chat-record.ts'
import { recipientsOf, userAt } from './chat-caller.ts'

const member = (index: number, since: number): Member => ({
  index,
  userId: parseUserId(`user-${index}`)!,
  name: '',
  role: 'doctor',
  since,
})
const group: Chat = {
  id: parseChatId('g.0123456789abcdef')!,
  kind: 'group',
  createdAt: 1,
  members: [member(1, 1), member(2, 1), member(4, 9)],
  pages: [],
  group: { title: '', version: 5, former: [member(3, 7)] },
}
const toWhom = (chat: Chat, at: number, arrivedAt: number | null = null): number[] =>
  recipientsOf(chat, { author: 1, at, arrivedAt }).map(({ index }) => index)

it('[RECEIPT-4] a message of a group is for those who were in it, and still are', () => {
  expect(toWhom(group, 5)).toEqual([2])
  expect(toWhom(group, 9)).toEqual([2, 4])
  // By when it came, where it says it was written at another time.
  expect(toWhom(group, 0, 9)).toEqual([2, 4])
  expect(userAt(group, 3)).toBe('user-3')
})

it('a message of a direct chat is for the other, though it was written before the server knew', () => {
  const { group: _, ...rest } = group
  const direct: Chat = { ...rest, kind: 'direct', members: [member(1, 5), member(2, 5)] }
  expect(toWhom(direct, 3)).toEqual([2])
})
