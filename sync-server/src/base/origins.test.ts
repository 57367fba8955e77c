import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { judgeOrigin, mayUseCookie } from './origins.ts'

const policy = { clientUrl: 'http://localhost:5173', trustedProxies: 0 }
const request = (headers: Record<string, string>): IncomingMessage => {
  const message = new IncomingMessage(new Socket())
  Object.assign(message.headers, { host: 'localhost:8080', ...headers })
  return message
}
const judge = (origin: string, headers: Record<string, string> = {}, trustedProxies = 0) =>
  judgeOrigin(request({ origin, ...headers }), { ...policy, trustedProxies })

describe('judgeOrigin', () => {
  it('knows the server’s own pages and the named one', () => {
    expect(judge('http://localhost:8080')).toBe('own')
    expect(judge('http://localhost:5173')).toBe('listed')
    expect(judgeOrigin(request({}), policy)).toBe('absent')
  })

  it.each([
    'https://localhost:8080',
    'http://localhost',
    'http://localhost:8080.evil.example',
    'http://127.0.0.1:8080',
    'http://localhost:5173/',
    'null',
    '',
    '*',
  ])('refuses %j', (origin) => {
    expect(judge(origin)).toBe('foreign')
  })

  it('sees through a trusted proxy', () => {
    const headers = { host: 'chat.example', 'x-forwarded-proto': 'https' }
    expect(judge('https://chat.example', headers, 1)).toBe('own')
    expect(judge('http://chat.example', headers, 1)).toBe('foreign')
    expect(judge('https://chat.example', headers)).toBe('foreign')
  })

  it('lists nobody when nobody is named', () => {
    const open = { clientUrl: undefined, trustedProxies: 0 }
    expect(judgeOrigin(request({ origin: 'undefined' }), open)).toBe('foreign')
  })
})

describe('mayUseCookie', () => {
  it('lets in own pages and programs, and no other pages', () => {
    expect(mayUseCookie(request({}), 'absent')).toBe(true)
    expect(mayUseCookie(request({}), 'own')).toBe(true)
    expect(mayUseCookie(request({}), 'listed')).toBe(true)
    expect(mayUseCookie(request({}), 'foreign')).toBe(false)
    expect(mayUseCookie(request({ 'sec-fetch-site': 'same-origin' }), 'absent')).toBe(true)
    expect(mayUseCookie(request({ 'sec-fetch-site': 'same-site' }), 'absent')).toBe(false)
    expect(mayUseCookie(request({ 'sec-fetch-site': 'cross-site' }), 'absent')).toBe(false)
  })
})
