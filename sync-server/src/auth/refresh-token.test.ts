import { expect, it } from 'vitest'
import {
  newRefreshToken,
  nextRefreshToken,
  readRefreshToken,
  secretHashOf,
  sessionIdOf,
  writeRefreshToken,
} from './refresh-token.ts'

const key = new Uint8Array(32)

it('comes back from text', () => {
  const token = newRefreshToken()
  expect(readRefreshToken(writeRefreshToken(token))).toEqual(token)
  expect(Buffer.from(token.secret, 'base64url').length).toBe(32)
})

it.each([
  '',
  '.',
  'a.b',
  `${'a'.repeat(22)}.${'b'.repeat(44)}`,
  `${'a'.repeat(22)}.${'ü'.repeat(43)}`,
])('refuses %j', (text) => {
  expect(readRefreshToken(text)).toBeUndefined()
})

it('has one next token, in the same session', () => {
  const token = newRefreshToken()
  const next = nextRefreshToken(token, key)
  expect(nextRefreshToken(token, key)).toEqual(next)
  expect(next.secret).not.toBe(token.secret)
  expect(readRefreshToken(writeRefreshToken(next))).toEqual(next)
  expect(sessionIdOf(next)).toBe(sessionIdOf(token))
  expect(secretHashOf(next)).not.toBe(secretHashOf(token))
  expect(nextRefreshToken(token, new Uint8Array(32).fill(1))).not.toEqual(next)
})
