import type { TokenAnswer } from '@wardline/core/client/model/ports'
import { expect, it, vi } from 'vitest'
import { peopleApi } from './people-api.ts'

const bea = { id: 'doc-bea', name: 'Bea', role: 'doctor', specialty: 'Heart' }
const token: TokenAnswer = { kind: 'token', token: 't1', expiresAt: 0 }
const refused = (status: number) =>
  new Response(JSON.stringify({ error: { code: 'x', message: 'no' } }), { status })

const api = (answers: (Response | Error)[], answer: TokenAnswer = token) => {
  const asked: [string, string | undefined][] = []
  const dropToken = vi.fn()
  const find = peopleApi({
    getToken: async () => answer,
    dropToken,
    send: async (path, { headers }) => {
      asked.push([path, headers.Authorization])
      const next = answers.shift()
      if (next instanceof Response) return next
      throw next
    },
  })
  return { find, asked, dropToken }
}

it('finds doctors and patients', async () => {
  const { find, asked } = api([
    new Response(JSON.stringify({ doctors: [bea, { id: 'broken' }] })),
    new Response(JSON.stringify({ patients: [] })),
  ])
  expect(await find('doctor', 'a & b')).toEqual({ ok: true, people: [bea] })
  expect(await find('patient', '')).toEqual({ ok: true, people: [] })
  expect(asked).toEqual([
    ['/api/chat/doctors?query=a+%26+b', 'Bearer t1'],
    ['/api/chat/patients?query=', 'Bearer t1'],
  ])
})

it('gets a new token once when the server refuses it', async () => {
  const fine = new Response(JSON.stringify({ doctors: [bea] }))
  const { find, dropToken } = api([refused(401), fine, refused(401), refused(401)])
  expect(await find('doctor', '')).toMatchObject({ ok: true })
  expect(dropToken).toHaveBeenCalledTimes(1)
  expect(await find('doctor', '')).toMatchObject({ ok: false, code: 'signed-out' })
})

it('tells why not', async () => {
  const { find } = api([refused(403), refused(503), new TypeError('offline'), new Response('{}')])
  expect(await find('patient', '')).toEqual({ ok: false, code: 'refused', message: 'no' })
  for (let left = 3; left > 0; left--)
    expect(await find('doctor', '')).toMatchObject({ ok: false, code: 'unreachable' })
  for (const kind of ['signed-out', 'unreachable'] as const)
    expect(await api([], { kind }).find('doctor', '')).toMatchObject({ ok: false, code: kind })
})
