/**
 * The cookie that holds a sign-in while the person is with the provider. It has to come back from
 * there, and so is `Lax`; only the callback gets it.
 */
import { parseCookie, stringifySetCookie } from 'cookie'
import { SIGN_IN_LIFETIME } from '../identity/pending-sign-in.ts'

const nameOf = (secure: boolean): string => `${secure ? '__Secure-' : ''}wardline-oidc`

const cookie = (secure: boolean, value: string, maxAge: number): string =>
  stringifySetCookie({
    name: nameOf(secure),
    value,
    maxAge,
    path: '/api/auth/oidc',
    httpOnly: true,
    sameSite: 'lax',
    secure,
  })

export const writeOidcCookie = (value: string, secure: boolean): string =>
  cookie(secure, value, SIGN_IN_LIFETIME / 1000)

export const clearOidcCookie = (secure: boolean): string => cookie(secure, '', 0)

export const readOidcCookie = (header: string | undefined, secure: boolean): string | undefined =>
  parseCookie(header ?? '')[nameOf(secure)]
