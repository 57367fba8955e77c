import { expect, it } from 'vitest'
import { pushApi } from './push-api.ts'

const open = (answers: (() => Response)[]) => {
  const asked: string[] = []
  let dropped = 0
  const api = pushApi({
    getToken: async () => ({ kind: 'token', token: `t${dropped}`, expiresAt: 0 }),
    dropToken: () => {
      dropped++
    },
    send: async (path, { method, headers, body }) => {
      asked.push(`${method} ${path} ${headers.Authorization} ${body ?? ''}`.trim())
      const answer = answers.shift()
      if (answer === undefined) throw new TypeError('no network')
      return answer()
    },
  })
  return { api, asked }
}
const empty = () => new Response(null, { status: 204 })

it('asks for the key, and for it only', async () => {
  const { api } = open([() => Response.json({ publicKey: 'abc' }), () => Response.json({})])
  expect(await api.key()).toBe('abc')
  expect(await api.key()).toBeUndefined()
  expect(await api.key()).toBeUndefined()
})

it('subscribes with a new token when the one it had is no good', async () => {
  const { api, asked } = open([() => Response.json({}, { status: 401 }), empty, empty])
  expect(await api.subscribe({ endpoint: 'x' })).toBe(true)
  expect(await api.unsubscribe()).toBe(true)
  expect(await api.unsubscribe()).toBe(false)
  expect(asked.slice(0, 3)).toEqual([
    'PUT /api/push/subscription Bearer t0 {"endpoint":"x"}',
    'PUT /api/push/subscription Bearer t1 {"endpoint":"x"}',
    'DELETE /api/push/subscription Bearer t1',
  ])
})
