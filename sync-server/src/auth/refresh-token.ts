/**
 * Refresh tokens: `<session>.<secret>`, 128 and 256 random bits. The store keeps hashes of both.
 *
 * The secret of the next token derives from the one before, with a key that only the server has.
 * So when two tabs renew at once, or an answer is lost on the way, the server can give the very
 * same next token again without having stored it, and whichever answer arrives last is right.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'

export interface RefreshToken {
  readonly session: string
  readonly secret: string
}

const pattern = /^([\w-]{22})\.([\w-]{43})$/

export const newRefreshToken = (): RefreshToken => ({
  session: randomBytes(16).toString('base64url'),
  secret: randomBytes(32).toString('base64url'),
})

export const writeRefreshToken = ({ session, secret }: RefreshToken): string =>
  `${session}.${secret}`

export const readRefreshToken = (text: string): RefreshToken | undefined => {
  const [, session, secret] = pattern.exec(text) ?? []
  return session === undefined || secret === undefined ? undefined : { session, secret }
}

/** @param branch how many others follow on the same token already */
export const nextRefreshToken = (
  token: RefreshToken,
  key: Uint8Array,
  branch = 0,
): RefreshToken => {
  const text = writeRefreshToken(token)
  const secret = createHmac('sha256', key).update(branch === 0 ? text : `${text} ${branch}`)
  return { session: token.session, secret: secret.digest('base64url') }
}

/** Names the session in records, access tokens and logs without giving the token's part away. */
export const sessionIdOf = ({ session }: RefreshToken): string => sha256(session).slice(0, 22)

export const secretHashOf = ({ secret }: RefreshToken): string => sha256(secret)

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')
