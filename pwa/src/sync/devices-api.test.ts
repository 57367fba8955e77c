import { describe, expect, it } from 'vitest'
import { devicesApi } from './devices-api.ts'

const api = (...answers: (() => Response)[]) => {
  const asked: string[] = []
  const dropped: number[] = []
  const made = devicesApi({
    getToken: async () => ({ kind: 'token', token: 't', expiresAt: 0 }),
    dropToken: () => dropped.push(1),
    send: async (path, { method, body }) => {
      asked.push(`${method} ${path}${body === undefined ? '' : ` ${body}`}`)
      const answer = answers.shift()
      if (answer === undefined) throw new TypeError('offline')
      return answer()
    },
  })
  return { made, asked, dropped }
}
const json = (status: number, body: object) => () => new Response(JSON.stringify(body), { status })
const failed = (status: number, code: string) => json(status, { error: { code, message: code } })
const done = () => new Response(null, { status: 204 })

describe('devices', () => {
  it('are listed as far as they can be read', async () => {
    const phone = {
      id: 'a',
      name: 'Phone',
      method: 'password',
      signedInAt: 1,
      seenAt: 2,
      current: true,
    }
    const { made } = api(
      json(200, { devices: [phone, { id: 'b' }, null, { ...phone, name: null }] }),
    )
    expect(await made.list()).toEqual({
      ok: true,
      devices: [
        { id: 'a', name: 'Phone', signedInAt: 1, seenAt: 2, current: true },
        { id: 'a', name: null, signedInAt: 1, seenAt: 2, current: true },
      ],
    })
    expect(await made.list()).toMatchObject({ ok: false, message: /connection/ })
  })

  it('that are gone are removed, too', async () => {
    const { made, asked } = api(failed(404, 'device-not-found'), done)
    expect(await made.remove('a/b')).toEqual({ ok: true })
    expect(await made.remove('c')).toEqual({ ok: true })
    expect(asked).toEqual(['DELETE /api/auth/devices/a%2Fb', 'DELETE /api/auth/devices/c'])
  })

  it('ask once more with a fresh token, and then for a sign-in', async () => {
    const { made, dropped } = api(failed(401, 'session-ended'), failed(401, 'session-ended'))
    expect(await made.signOutEverywhere()).toMatchObject({ ok: false, message: /Sign in again/ })
    expect(dropped.length).toBe(2)
  })
})

describe('the password', () => {
  it.each([
    [failed(403, 'wrong-password'), /not your current password/],
    [failed(422, 'password-too-short'), /10 characters/],
    [failed(422, 'password-easy-to-guess'), /easy to guess/],
    [failed(429, 'too-many-attempts'), /Wait/],
    [failed(503, 'server-busy'), /connection/],
  ])('is refused in plain words (%#)', async (answer, message) => {
    const { made, asked } = api(answer)
    const result = await made.changePassword('old', 'new')
    expect(result).toMatchObject({ ok: false })
    expect(result.ok || result.message).toMatch(message)
    expect(asked).toEqual(['PUT /api/auth/password {"current":"old","next":"new"}'])
  })
})
