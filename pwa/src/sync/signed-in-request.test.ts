import type { TokenAnswer } from '@wardline/core/client/model/ports'
import { expect, it } from 'vitest'
import { signedInRequests } from './signed-in-request.ts'

const open = (tokens: TokenAnswer[], statuses: number[]) => {
  const sent: string[] = []
  let dropped = 0
  const { ask } = signedInRequests({
    getToken: async () => tokens.shift() ?? { kind: 'unreachable' },
    dropToken: () => void dropped++,
    send: async (path, { method, headers, body }) => {
      sent.push(`${method} ${path} ${headers.Authorization} ${body ?? ''}`.trim())
      return new Response('{"error":{"code":"last-admin","message":"No."}}', {
        status: statuses.shift() ?? 200,
      })
    },
  })
  return { ask, sent, dropped: () => dropped }
}
const token = (text: string): TokenAnswer => ({ kind: 'token', token: text, expiresAt: 1 })

it('asks once more with another token when one is refused', async () => {
  const { ask, sent, dropped } = open([token('a'), token('b')], [401, 200])
  expect(await ask('PATCH', '/api/admin/settings', { name: 'x' })).toMatchObject({ kind: 'answer' })
  expect(sent).toEqual([
    'PATCH /api/admin/settings Bearer a {"name":"x"}',
    'PATCH /api/admin/settings Bearer b {"name":"x"}',
  ])
  expect(dropped()).toBe(1)
})

it('is signed out when that is refused too, and says what the server refuses', async () => {
  const out = open([token('a'), token('b')], [401, 401])
  expect(await out.ask('GET', '/api/admin/people')).toEqual({ kind: 'signed-out' })
  const refused = open([token('a')], [409])
  expect(await refused.ask('POST', '/api/admin/people/x/close')).toEqual({
    kind: 'refused',
    code: 'last-admin',
    message: 'No.',
  })
  const away = open([{ kind: 'unreachable' }], [])
  expect(await away.ask('GET', '/api/admin/people')).toEqual({ kind: 'unreachable' })
  expect(away.sent).toEqual([])
})
