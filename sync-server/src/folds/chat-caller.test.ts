import { parseChatId, parseUserId } from '@wardline/core/base/ids'
import { expect, it } from 'vitest'
import type { Chat, Member } from '../directory/chat-record.ts'
import { sinceOf, userAt } from './chat-caller.ts'

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

it('an index stays that of whoever had it; only who is in the chat is in it since then', () => {
  expect([1, 3, 4, 5].map((index) => userAt(group, index))).toEqual([
    'user-1',
    'user-3',
    'user-4',
    undefined,
  ])
  expect([4, 3].map((index) => sinceOf(group, index))).toEqual([9, undefined])
})
