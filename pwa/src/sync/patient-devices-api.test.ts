import { expect, it } from 'vitest'
import { patientDevicesApi } from './patient-devices-api.ts'

const api = (...answers: (() => Response)[]) => {
  const asked: string[] = []
  const made = patientDevicesApi({
    getToken: async () => ({ kind: 'token', token: 't', expiresAt: 0 }),
    dropToken: () => {},
    send: async (path, { method }) => {
      asked.push(`${method} ${path}`)
      const answer = answers.shift()
      if (answer === undefined) throw new TypeError('offline')
      return answer()
    },
  })
  return { made, asked }
}
const json = (status: number, body: object) => () => new Response(JSON.stringify(body), { status })
const failed = (status: number, code: string) => json(status, { error: { code, message: code } })

it('lists the devices of a patient, none of which is this one', async () => {
  const phone = { id: 'a', name: 'Phone', method: 'password', signedInAt: 1, seenAt: 2 }
  const { made, asked } = api(json(200, { devices: [phone] }), json(200, { hotel: 'welcome' }))
  expect(await made.list('kim/1')).toEqual({
    ok: true,
    devices: [{ id: 'a', name: 'Phone', signedInAt: 1, seenAt: 2, current: false }],
  })
  expect(asked).toEqual(['GET /api/people/kim%2F1/devices'])
  expect(await made.list('kim')).toMatchObject({ ok: false, message: /connection/ })
})

it('removes one, and takes one that is gone for removed', async () => {
  const { made, asked } = api(
    () => new Response(null, { status: 204 }),
    failed(404, 'device-not-found'),
  )
  expect(await made.remove('kim', 'a/b')).toEqual({ ok: true })
  expect(await made.remove('kim', 'c')).toEqual({ ok: true })
  expect(asked).toEqual([
    'DELETE /api/people/kim/devices/a%2Fb',
    'DELETE /api/people/kim/devices/c',
  ])
})

it('says in plain words why it could not', async () => {
  const { made } = api(failed(403, 'role-refused'), failed(404, 'user-not-found'))
  expect(await made.list('ada')).toMatchObject({ ok: false, message: /administrator/ })
  expect(await made.remove('kim', 'a')).toEqual({ ok: false, message: 'user-not-found' })
  expect(await made.remove('kim', 'a')).toMatchObject({ ok: false, message: /connection/ })
})
