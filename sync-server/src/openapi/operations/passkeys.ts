import { sessionSchema } from './auth-schemas.ts'
import type { Operation } from './operation.ts'
import {
  creationOptionsSchema,
  newPasskeyBody,
  onePasskeySchema,
  passkeyCheckBody,
  passkeyNameBody,
  passkeySignInBody,
  passkeysSchema,
  requestOptionsSchema,
} from './passkey-schemas.ts'

const tag = 'Signing in'
const base = '/api/auth/passkeys'
const session = { name: 'Session', schema: sessionSchema }
const cookie = { 'Set-Cookie': 'The refresh token; HttpOnly, only for /api/auth.' }
const requestOptions = { name: 'PasskeyRequest', schema: requestOptionsSchema }
const creationOptions = { name: 'PasskeyCreation', schema: creationOptionsSchema }
const one = { name: 'OnePasskey', schema: onePasskeySchema }
const id = {
  name: 'id',
  in: 'path',
  description: 'Of the passkey.',
  required: true,
  schema: { type: 'string' },
} as const

export const passkeyOperations: readonly Operation[] = [
  {
    id: 'passkeySignInOptions',
    method: 'post',
    path: `${base}/sign-in/options`,
    tag,
    summary: 'What to ask the browser for, to sign in with a passkey',
    description: 'Good once, for five minutes. Nobody has to say who they are.',
    signedIn: false,
    answers: { 200: { description: 'For `navigator.credentials.get`.', json: requestOptions } },
    errors: [],
  },
  {
    id: 'passkeySignIn',
    method: 'post',
    path: `${base}/sign-in`,
    tag,
    summary: 'Sign in with a passkey',
    signedIn: false,
    body: { name: 'PasskeySignIn', schema: passkeySignInBody, required: true },
    answers: { 200: { description: 'An access token.', json: session, headers: cookie } },
    errors: ['passkey-refused', 'account-inactive'],
  },
  {
    id: 'listPasskeys',
    method: 'get',
    path: base,
    tag,
    summary: 'Your passkeys, oldest first',
    signedIn: true,
    answers: { 200: { description: 'All.', json: { name: 'Passkeys', schema: passkeysSchema } } },
    errors: ['too-many-requests'],
  },
  {
    id: 'passkeyOptions',
    method: 'post',
    path: `${base}/options`,
    tag,
    summary: 'What to ask the browser for, to add a passkey',
    signedIn: true,
    answers: {
      200: { description: 'For `navigator.credentials.create`.', json: creationOptions },
    },
    errors: ['role-refused', 'too-many-requests'],
  },
  {
    id: 'addPasskey',
    method: 'post',
    path: `${base}/register`,
    tag,
    summary: 'Add a passkey to your account',
    signedIn: true,
    body: { name: 'NewPasskey', schema: newPasskeyBody, required: true },
    answers: { 201: { description: 'It is there.', json: one } },
    errors: ['role-refused', 'passkey-refused', 'too-many-passkeys', 'too-many-requests'],
  },
  {
    id: 'renamePasskey',
    method: 'patch',
    path: `${base}/{id}`,
    tag,
    summary: 'Call a passkey something else',
    signedIn: true,
    parameters: [id],
    body: { name: 'PasskeyName', schema: passkeyNameBody, required: true },
    answers: { 200: { description: 'As it is called now.', json: one } },
    errors: ['not-found', 'too-many-requests'],
  },
  {
    id: 'removePasskey',
    method: 'delete',
    path: `${base}/{id}`,
    tag,
    summary: 'Remove a passkey',
    signedIn: true,
    parameters: [id],
    answers: { 204: { description: 'It opens the account no more.' } },
    errors: ['not-found', 'last-way-in', 'too-many-requests'],
  },
  {
    id: 'passkeyCheckOptions',
    method: 'post',
    path: `${base}/check/options`,
    tag,
    summary: 'What to ask the browser for, to see that it is still the person of the session',
    signedIn: true,
    answers: { 200: { description: 'For `navigator.credentials.get`.', json: requestOptions } },
    errors: ['too-many-requests'],
  },
  {
    id: 'passkeyCheck',
    method: 'post',
    path: `${base}/check`,
    tag,
    summary: 'Check that it is still the person of the session',
    signedIn: true,
    body: { name: 'PasskeyCheck', schema: passkeyCheckBody, required: true },
    answers: { 204: { description: 'It is.' } },
    errors: ['passkey-refused', 'too-many-requests'],
  },
]
