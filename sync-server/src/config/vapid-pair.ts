import { createECDH } from 'node:crypto'

/** The key pair by which push services know this server (VAPID, RFC 8292). */
export interface VapidKeys {
  /** Base64url of the uncompressed point: 65 bytes. */
  readonly publicKey: string
  /** Base64url, 32 bytes. */
  readonly privateKey: string
}

/** Whether the two are halves of one key of the curve P-256. */
export const areVapidKeys = ({ publicKey, privateKey }: VapidKeys): boolean => {
  const secret = Buffer.from(privateKey, 'base64url')
  if (secret.length !== 32 || secret.toString('base64url') !== privateKey) return false
  try {
    const curve = createECDH('prime256v1')
    curve.setPrivateKey(secret)
    return curve.getPublicKey().toString('base64url') === publicKey
  } catch {
    return false // Zero, or beyond the order of the curve.
  }
}
