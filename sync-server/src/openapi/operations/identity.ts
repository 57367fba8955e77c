import { sessionSchema } from './auth-schemas.ts'
import { exchangeBody, methodsSchema } from './identity-schemas.ts'
import type { Operation } from './operation.ts'

const session = { name: 'Session', schema: sessionSchema }
const answers = { 200: { description: 'An access token, and no cookie.', json: session } }
const query = (name: string, description: string) => ({
  name,
  in: 'query' as const,
  description,
  schema: { type: 'string' },
})
const settling = [
  'account-missing',
  'account-inactive',
  'account-conflict',
  'role-missing',
  'profile-incomplete',
  'email-unverified',
  'too-many-requests',
  'provider-unavailable',
] as const

export const identityOperations: readonly Operation[] = [
  {
    id: 'listSignInMethods',
    method: 'get',
    path: '/api/auth/methods',
    tag: 'Signing in',
    summary: 'How one can sign in here',
    signedIn: false,
    answers: {
      200: {
        description: 'What there is.',
        json: { name: 'SignInMethods', schema: methodsSchema },
      },
    },
    errors: [],
  },
  {
    id: 'signInProgram',
    method: 'post',
    path: '/api/auth/token',
    tag: 'Signing in',
    summary: 'Get an access token for a program',
    description:
      'With the API token as `Authorization: Bearer wl_…`; again whenever one is needed.',
    signedIn: false,
    answers,
    errors: ['api-token-refused'],
  },
  {
    id: 'exchangeToken',
    method: 'post',
    path: '/api/auth/exchange',
    tag: 'Signing in',
    summary: 'Get an access token for a token of another issuer',
    description: 'Again, with a newer one, whenever an access token is needed.',
    signedIn: false,
    body: { name: 'Exchange', schema: exchangeBody, required: true },
    answers,
    errors: ['outside-token-refused', 'outside-token-expired', 'not-found', ...settling],
  },
  {
    id: 'startOidc',
    method: 'get',
    path: '/api/auth/oidc/start',
    tag: 'Signing in',
    summary: 'Go to the identity provider',
    description:
      'For a browser to go to. What goes wrong is in the fragment of where it goes next.',
    signedIn: false,
    parameters: [
      query('device', '8 to 32 of a-z 0-9: names the device.'),
      query('deviceName', 'What the device calls itself.'),
      query('again', 'With `true` the provider asks who it is, whoever is signed in there.'),
    ],
    answers: {
      303: {
        description: 'To the provider, or to the app with `#sign-in=<error code>`.',
        headers: { Location: 'Where to.', 'Set-Cookie': 'The sign-in, for ten minutes.' },
      },
    },
    errors: ['not-found', 'provider-unavailable'],
  },
  {
    id: 'finishOidc',
    method: 'get',
    path: '/api/auth/oidc/callback',
    tag: 'Signing in',
    summary: 'Come back from the identity provider',
    description:
      'Where the provider sends the browser. Whether it is signed in is in the fragment.',
    signedIn: false,
    parameters: [
      query('code', 'From the provider.'),
      query('state', 'From the start.'),
      query('error', 'From the provider, in the place of a code.'),
    ],
    answers: {
      303: {
        description: 'To the app, with `#sign-in=done` or `#sign-in=<error code>`.',
        headers: { Location: 'Where to.', 'Set-Cookie': 'The refresh token.' },
      },
    },
    errors: ['not-found', 'sign-in-lapsed', 'provider-refused', ...settling],
  },
]
