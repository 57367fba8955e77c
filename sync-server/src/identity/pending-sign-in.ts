/**
 * What the server has to know again when somebody comes back from the provider. It is in a cookie of
 * theirs, encrypted: sign-ins that nobody finishes cost the server nothing.
 */
import { type DeviceId, parseDeviceId } from '@wardline/core/base/ids'
import { EncryptJWT, jwtDecrypt } from 'jose'
import { z } from 'zod'
import type { PendingChecks } from './oidc-provider.ts'

/** Milliseconds from the start of a sign-in to its end. */
export const SIGN_IN_LIFETIME = 10 * 60_000
const AUDIENCE = 'wardline oidc'

export interface PendingSignIn extends PendingChecks {
  /** Where the provider sends the person back to. */
  readonly redirectUri: string
  readonly device: DeviceId | undefined
  readonly deviceName: string | undefined
}

const claimsSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUri: z.string(),
  device: z.string().optional(),
  deviceName: z.string().optional(),
})

/** @param key of 32 bytes, for nothing else */
export const writePendingSignIn = (
  pending: PendingSignIn,
  key: Uint8Array,
  now: number,
): Promise<string> =>
  new EncryptJWT({ ...pending })
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .setAudience(AUDIENCE)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.ceil((now + SIGN_IN_LIFETIME) / 1000))
    .encrypt(key)

/** Undefined for what this server did not write, or wrote too long ago. */
export const readPendingSignIn = async (
  text: string,
  key: Uint8Array,
  now: number,
): Promise<PendingSignIn | undefined> => {
  try {
    const { payload } = await jwtDecrypt(text, key, {
      audience: AUDIENCE,
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    })
    const read = claimsSchema.safeParse(payload)
    if (!read.success) return undefined
    const { device, deviceName, ...rest } = read.data
    return { ...rest, device: device === undefined ? undefined : parseDeviceId(device), deviceName }
  } catch {
    return undefined
  }
}
