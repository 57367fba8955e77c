/**
 * Access tokens: short-lived JWTs that say who somebody is, checked without a look into the store.
 * `Auth` refuses one whose session is not there any more.
 */
import { type DeviceId, parseDeviceId, parseUserId, type UserId } from '@wardline/core/base/ids'
import jwt from 'jsonwebtoken'
import { z } from 'zod'
import type { Scoped } from '../directory/chat-scope.ts'
import { MEMBER_ROLES, type MemberRole, type Role, rolesSchema } from '../directory/role.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { KeyRing } from './key-ring.ts'

/** Milliseconds. */
export const ACCESS_LIFETIME = 10 * 60_000
/** How far the server's clock may be put back before tokens of before are not taken any more, ms. */
const LEEWAY = 60_000
const ISSUER = 'wardline'
const AUDIENCE = 'wardline'
/** Of RFC 9068: no token made for another purpose passes for an access token. */
const TYPE = 'at+jwt'
const ALGORITHM = 'HS256'
/** In characters: several times what the server signs. */
const MAX_LENGTH = 2048

/** Who holds a token. */
export interface Identity {
  readonly userId: UserId
  readonly name: string
  readonly role: MemberRole
  /** All that the account had when the token was made. */
  readonly roles: readonly Role[]
  /** See `User.stamp`. */
  readonly stamp: number
  readonly device?: DeviceId
  /** The session that the token was made for; not a secret. */
  readonly session: string
}

export interface AccessClaims extends Identity, Scoped {
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

const claimsSchema = z.object({
  sub: z.string(),
  name: z.string(),
  role: z.enum(MEMBER_ROLES),
  roles: rolesSchema,
  stamp: z.number().int(),
  did: z.string().optional(),
  sid: z.string(),
  exp: z.number().int(),
})

export interface AccessTokens {
  issue(identity: Identity): { readonly token: string; readonly expiresAt: number }
  /** Fails with `token-expired` for one that was good, `unauthenticated` for everything else. */
  verify(token: string): Result<AccessClaims, Failure>
}

/** @param now the time in milliseconds since 1970 */
export const createAccessTokens = (keys: KeyRing, now: () => number): AccessTokens => ({
  issue(identity) {
    const issuedAt = Math.floor(now() / 1000)
    const exp = issuedAt + ACCESS_LIFETIME / 1000
    const { userId, name, role, roles, stamp, device, session } = identity
    const who = { name, role, roles, stamp, ...(device && { did: device }) }
    const claims = { ...who, sid: session, iat: issuedAt, exp }
    const { kid, key } = keys.current
    const token = jwt.sign(claims, key, {
      algorithm: ALGORITHM,
      issuer: ISSUER,
      audience: AUDIENCE,
      subject: userId,
      header: { alg: ALGORITHM, typ: TYPE, kid },
    })
    return { token, expiresAt: exp * 1000 }
  },

  verify(token) {
    const key = token.length > MAX_LENGTH ? undefined : keyOf(keys, token)
    if (key === undefined) return failure('unauthenticated')
    try {
      const claims = readClaims(
        jwt.verify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: AUDIENCE,
          clockTimestamp: Math.floor(now() / 1000),
        }),
      )
      if (claims === undefined) return failure('unauthenticated')
      // Made while this server's clock ran ahead: it would be good for as much longer.
      if (claims.expiresAt > now() + ACCESS_LIFETIME + LEEWAY) return failure('token-expired')
      return ok(claims)
    } catch (error) {
      return failure(error instanceof jwt.TokenExpiredError ? 'token-expired' : 'unauthenticated')
    }
  },
})

const keyOf = (keys: KeyRing, token: string) => {
  const header = readHeader(token)
  return header?.typ === TYPE && header.kid !== undefined ? keys.find(header.kid)?.key : undefined
}

/** Nothing in a header is believed before the signature holds; it only picks one of our keys. */
const readHeader = (token: string): jwt.JwtHeader | undefined => {
  try {
    return jwt.decode(token, { complete: true })?.header
  } catch {
    return undefined // Not JSON: the caller answers as for any other wrong token.
  }
}

const readClaims = (payload: unknown): AccessClaims | undefined => {
  const parsed = claimsSchema.safeParse(payload)
  if (!parsed.success) return undefined
  const { sub, name, role, roles, stamp, did, sid, exp } = parsed.data
  const userId = parseUserId(sub)
  const device = did === undefined ? undefined : parseDeviceId(did)
  if (userId === undefined || (did !== undefined && device === undefined)) return undefined
  const who = { userId, name, role, roles, stamp, ...(device && { device }) }
  return { ...who, session: sid, expiresAt: exp * 1000 }
}
