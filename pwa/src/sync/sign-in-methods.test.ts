import { parseDeviceId } from '@wardline/core/base/ids'
import { expect, it } from 'vitest'
import { providerAddress, signInMethods } from './sign-in-methods.ts'

const answering = (status: number, body: string) => async () => new Response(body, { status })

it('tells what the provider is called, if there is one', async () => {
  const methods = (body: object) => signInMethods(answering(200, JSON.stringify(body)))
  expect(await methods({ password: true, oidc: { label: 'Lindenhof' } })).toEqual({
    provider: 'Lindenhof',
  })
  for (const body of [{}, { oidc: null }, { oidc: {} }, { oidc: { label: 7 } }])
    expect(await methods(body)).toEqual({ provider: null })
})

it('tells nothing without the server', async () => {
  expect(await signInMethods(answering(503, ''))).toBeNull()
  expect(await signInMethods(answering(200, '<html>'))).toBeNull()
  expect(
    await signInMethods(async () => {
      throw new TypeError('no network')
    }),
  ).toBeNull()
})

it('names the device on the way to the provider', () => {
  const device = parseDeviceId('abcdefgh')
  if (device === undefined) throw new Error('a device')
  expect(providerAddress(device, 'Chrome on Ana’s & Bo’s', true)).toBe(
    '/api/auth/oidc/start?device=abcdefgh&deviceName=Chrome+on+Ana%E2%80%99s+%26+Bo%E2%80%99s&again=true',
  )
})
