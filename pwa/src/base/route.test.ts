import { parseChatId } from '@wardline/core/base/ids'
import { expect, test } from 'vitest'
import { chatHash, chatOfHash, navigation } from './route.ts'

const a = parseChatId('dm.mia-berg.ada-osei')!
const b = parseChatId('dm.mia-berg.ben-okoro')!

test('a chat and its hash', () => {
  expect(chatHash(a)).toBe('#/chat/dm.mia-berg.ada-osei')
  expect(chatOfHash(chatHash(a))).toBe(a)
  expect(chatOfHash('')).toBeNull()
  expect(chatOfHash('#/chat/')).toBeNull()
  expect(chatOfHash('#/chat/%E0%A4%A')).toBeNull()
  expect(chatOfHash('#/chat/<script>')).toBeNull()
})

test('the list lies under every chat', () => {
  expect(navigation(null, a, false)).toBe('push')
  expect(navigation(a, b, true)).toBe('replace')
  expect(navigation(b, null, true)).toBe('back')
  expect(navigation(b, null, false)).toBe('replace')
  expect(navigation(b, b, true)).toBe('stay')
})
