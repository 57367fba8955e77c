import { loginBody, sessionSchema } from './auth-schemas.ts'
import type { Operation } from './operation.ts'

const session = { name: 'Session', schema: sessionSchema }
const cookie = { 'Set-Cookie': 'The refresh token; HttpOnly, only for /api/auth.' }

export const authOperations: readonly Operation[] = [
  {
    id: 'signIn',
    method: 'post',
    path: '/api/auth/login',
    tag: 'Signing in',
    summary: 'Sign in',
    signedIn: false,
    body: { name: 'Credentials', schema: loginBody, required: true },
    answers: { 200: { description: 'An access token.', json: session, headers: cookie } },
    errors: ['bad-credentials', 'account-inactive', 'too-many-attempts'],
  },
  {
    id: 'renewSession',
    method: 'post',
    path: '/api/auth/refresh',
    tag: 'Signing in',
    summary: 'Get a new access token, with the refresh token in the cookie',
    description:
      'With `keep`, the cookie stays as it is when it is less than a minute old: for a client that cannot know whether it is on the disk yet.',
    signedIn: false,
    parameters: [
      {
        name: 'keep',
        in: 'query',
        description: '`true` for a client that renewed a moment ago.',
        schema: { type: 'string', enum: ['true', 'false'] },
      },
    ],
    answers: { 200: { description: 'An access token.', json: session, headers: cookie } },
    errors: [
      'bad-request',
      'session-ended',
      'session-reused',
      'device-removed',
      'device-removed-by-clinic',
    ],
  },
  {
    id: 'signOut',
    method: 'post',
    path: '/api/auth/logout',
    tag: 'Signing in',
    summary: 'End the session of the cookie',
    signedIn: false,
    answers: {
      204: {
        description: 'It is over.',
        headers: { 'Clear-Site-Data': 'What the browser is to delete.' },
      },
    },
    errors: [],
  },
]
