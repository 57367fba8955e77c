/** The cookie that holds the refresh token. Scripts cannot read it, and only `/api/auth` gets it. */
import { parseCookie, stringifySetCookie } from 'cookie'
import { REFRESH_LIFETIME } from '../auth/session-record.ts'

/** Browsers take a name with this prefix only over https and with `Secure`. */
const SECURE_NAME = '__Secure-wardline-refresh'
/** For http on localhost, which Safari does not count as secure. */
const PLAIN_NAME = 'wardline-refresh'
const PATH = '/api/auth'

const nameOf = (secure: boolean): string => (secure ? SECURE_NAME : PLAIN_NAME)

const cookie = (secure: boolean, value: string, maxAge: number): string =>
  stringifySetCookie({
    name: nameOf(secure),
    value,
    maxAge,
    path: PATH,
    httpOnly: true,
    sameSite: 'strict',
    secure,
  })

export const writeRefreshCookie = (token: string, secure: boolean): string =>
  cookie(secure, token, REFRESH_LIFETIME / 1000)

/** Removes what earlier answers set; over https also what one over http may have left. */
export const clearRefreshCookies = (secure: boolean): readonly string[] =>
  secure ? [cookie(true, '', 0), cookie(false, '', 0)] : [cookie(false, '', 0)]

export const readRefreshCookie = (
  header: string | undefined,
  secure: boolean,
): string | undefined => parseCookie(header ?? '')[nameOf(secure)]
