import { parseChatId, parseUserId } from '@wardline/core/base/ids'
import { expect, it } from 'vitest'
import { groupsApi } from './groups-api.ts'
import type { Fetch } from './http.ts'

const id = 'g.0123456789abcdef'
const chat = parseChatId(id)!
const pat = parseUserId('pat-morgan')!

const api = (
  answers: (Response | Error)[],
  token: 'token' | 'unreachable' | 'signed-out' = 'token',
) => {
  const calls: string[] = []
  let dropped = 0
  const send: Fetch = async (path, { method, body = '' }) => {
    calls.push(`${method} ${path} ${body}`.trim())
    const answer = answers.shift()
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no answer')
    return answer
  }
  const getToken = async () =>
    token === 'token' ? { kind: token, token: 't', expiresAt: 0 } : { kind: token }
  const made = groupsApi({
    send,
    getToken: getToken as Parameters<typeof groupsApi>[0]['getToken'],
    dropToken: () => dropped++,
  })
  return { ...made, calls, dropped: () => dropped }
}
const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status })

it('asks the server', async () => {
  const { create, rename, add, remove, calls } = api([
    json(201, { chat: { id } }),
    json(200, {}),
    json(200, {}),
    new Response(null, { status: 204 }),
  ])
  expect(await create('Ward', [pat])).toEqual({ ok: true, chat })
  expect(await rename(chat, 'Ward 4')).toEqual({ ok: true })
  expect(await add(chat, pat)).toEqual({ ok: true })
  expect(await remove(chat, pat)).toEqual({ ok: true })
  expect(calls).toEqual([
    'POST /api/chat/groups {"title":"Ward","memberIds":["pat-morgan"]}',
    `PATCH /api/chat/groups/${id} {"title":"Ward 4"}`,
    `POST /api/chat/groups/${id}/members {"userId":"pat-morgan"}`,
    `DELETE /api/chat/groups/${id}/members/pat-morgan`,
  ])
})

it('has words for everything that can go wrong', async () => {
  const offline = { ok: false, message: expect.stringContaining('needs a connection') }
  expect(await api([new Error('offline')]).create('x', [])).toEqual(offline)
  expect(await api([], 'unreachable').rename(chat, 'x')).toEqual(offline)
  expect(await api([json(201, {})]).create('x', [])).toEqual(offline)
  expect(await api([json(503, {})]).add(chat, pat)).toEqual(offline)
  expect(await api([], 'signed-out').add(chat, pat)).toMatchObject({ ok: false })
  const full = { error: { code: 'group-full', message: 'The group is full.' } }
  expect(await api([json(409, full)]).add(chat, pat)).toEqual({
    ok: false,
    message: 'The group is full.',
  })
  const renewed = api([json(401, {}), json(200, {})])
  expect(await renewed.rename(chat, 'x')).toEqual({ ok: true })
  expect(renewed.dropped()).toBe(1)
  expect(await api([json(401, {}), json(401, {})]).rename(chat, 'x')).toMatchObject({ ok: false })
})
