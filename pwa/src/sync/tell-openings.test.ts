import { parseChatId } from '@wardline/core/base/ids'
import { expect, it } from 'vitest'
import { tellOpenings } from './tell-openings.ts'

const opening = { chat: parseChatId('dm.pat-morgan.dr-ada')!, at: 5 }
const answer = (status: number): Response =>
  new Response(status === 204 ? null : JSON.stringify({ error: { code: 'x', message: 'x' } }), {
    status,
  })

it.each([
  [204, true, false],
  [400, true, false],
  [401, false, true],
  [429, false, false],
  [503, false, false],
])('answered %i: done %s, token dropped %s', async (status, done, drops) => {
  let dropped = false
  const asked: unknown[] = []
  const tell = tellOpenings({
    getToken: async () => ({ kind: 'token', token: 't', expiresAt: 1 }),
    dropToken: () => {
      dropped = true
    },
    send: async (path, { method, headers, body }) => {
      asked.push([method, path, headers.Authorization, body])
      return answer(status)
    },
  })
  expect(await tell([opening])).toBe(done)
  expect(dropped).toBe(drops)
  expect(asked).toEqual([
    ['POST', '/api/chat/openings', 'Bearer t', JSON.stringify({ openings: [opening] })],
  ])
})

it.each(['unreachable', 'signed-out'] as const)('waits while it is %s', async (kind) => {
  const tell = tellOpenings({ getToken: async () => ({ kind }), dropToken: () => {} })
  expect(await tell([opening])).toBe(false)
})
