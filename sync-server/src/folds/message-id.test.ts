import { parseChatId, parseMonth } from '@wardline/core/base/ids'
import { expect, it } from 'vitest'
import { readMessageId, writeMessageId } from './message-id.ts'

it('names a message by what an address can hold, there and back', () => {
  for (const chatText of ['dm.pat-morgan.dr-ada', 'g.0123456789abcdef']) {
    const chat = parseChatId(chatText)!
    const month = parseMonth('2026-01')!
    for (const [writer, n] of [
      [0, 1],
      [2 ** 40 - 1, 2 ** 31 - 1],
    ] as const) {
      const id = writeMessageId({ chat, month, writer, n })
      expect(encodeURIComponent(id)).toBe(id)
      expect(readMessageId(id)).toEqual({ chat, month, writer, n })
    }
  }
})

it.each([
  '',
  'dm.pat-morgan.dr-ada',
  'dm.pat-morgan.dr-ada~2026-01~1.0',
  'dm.pat-morgan.dr-ada~2026-01~01.1',
  'dm.pat-morgan.dr-ada~2026-13~1.1',
  `dm.pat-morgan.dr-ada~2026-01~${2 ** 40}.1`,
  'dm.pat-morgan.dr-ada~2026-01~-1.1',
  'dm.pat-morgan.pat-morgan~2026-01~1.1',
  'dm.pat-morgan.dr-ada~2026-01~1.1 ',
  'dm.pat-morgan.dr-ada/2026-01/1.1',
])('reads %j as no id', (text) => {
  expect(readMessageId(text)).toBeUndefined()
})
