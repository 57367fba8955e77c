import { expect, it } from 'vitest'
import { clearRefreshCookies, readRefreshCookie, writeRefreshCookie } from './refresh-cookie.ts'

const rules = 'Path=/api/auth; HttpOnly'

it('is secure over https, and readable on localhost', () => {
  expect(writeRefreshCookie('a.b', true)).toBe(
    `__Secure-wardline-refresh=a.b; Max-Age=2592000; ${rules}; Secure; SameSite=Strict`,
  )
  expect(writeRefreshCookie('a.b', false)).toBe(
    `wardline-refresh=a.b; Max-Age=2592000; ${rules}; SameSite=Strict`,
  )
})

it('is read under the name that fits the connection only', () => {
  const header = 'theme=dark; wardline-refresh=plain; __Secure-wardline-refresh=secure'
  expect(readRefreshCookie(header, true)).toBe('secure')
  expect(readRefreshCookie(header, false)).toBe('plain')
  expect(readRefreshCookie('theme=dark', true)).toBeUndefined()
  expect(readRefreshCookie(undefined, false)).toBeUndefined()
})

it('is cleared under both names over https', () => {
  expect(clearRefreshCookies(true)).toEqual([
    `__Secure-wardline-refresh=; Max-Age=0; ${rules}; Secure; SameSite=Strict`,
    `wardline-refresh=; Max-Age=0; ${rules}; SameSite=Strict`,
  ])
  expect(clearRefreshCookies(false).length).toBe(1)
})
