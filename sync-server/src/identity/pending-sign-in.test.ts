import { randomBytes } from 'node:crypto'
import { parseDeviceId } from '@wardline/core/base/ids'
import { expect, it } from 'vitest'
import { readPendingSignIn, SIGN_IN_LIFETIME, writePendingSignIn } from './pending-sign-in.ts'

const key = randomBytes(32)
const now = 1_800_000_000_000
const pending = {
  state: 's',
  nonce: 'n',
  verifier: 'the verifier',
  redirectUri: 'https://chat.example/api/auth/oidc/callback',
  device: parseDeviceId('abcdefgh'),
  deviceName: 'Chrome on Android',
}

it('comes back as it was, for ten minutes, and shows nothing of itself', async () => {
  const text = await writePendingSignIn(pending, key, now)
  expect(await readPendingSignIn(text, key, now + SIGN_IN_LIFETIME - 1000)).toEqual(pending)
  expect(await readPendingSignIn(text, key, now + SIGN_IN_LIFETIME + 1000)).toBeUndefined()
  expect(Buffer.from(text, 'base64url').toString('latin1')).not.toContain('verifier')
})

it('is nothing with another key, changed, or made of something else', async () => {
  const text = await writePendingSignIn(pending, key, now)
  expect(await readPendingSignIn(text, randomBytes(32), now)).toBeUndefined()
  const at = text.length - 30
  const changed = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
  for (const wrong of [changed, '', 'x', text.slice(1)])
    expect(await readPendingSignIn(wrong, key, now)).toBeUndefined()
})

it('goes without a device', async () => {
  const bare = { ...pending, device: undefined, deviceName: undefined }
  const text = await writePendingSignIn(bare, key, now)
  expect(await readPendingSignIn(text, key, now)).toEqual(bare)
})
