import { sessionSchema } from './auth-schemas.ts'
import {
  acceptBody,
  carrySchema,
  invitationBody,
  invitationSchema,
  linkSecretBody,
  linkViewSchema,
  resetRequestBody,
  wayInBody,
  wayInSchema,
} from './link-schemas.ts'
import type { Operation } from './operation.ts'
import { creationOptionsSchema } from './passkey-schemas.ts'

const tag = 'Invitations'
const session = { name: 'Session', schema: sessionSchema }
const cookie = { 'Set-Cookie': 'The refresh token; HttpOnly, only for /api/auth.' }
const secret = { name: 'LinkSecret', schema: linkSecretBody, required: true } as const

export const linkOperations: readonly Operation[] = [
  {
    id: 'lookAtLink',
    method: 'post',
    path: '/api/auth/links/look',
    tag,
    summary: 'For whom a link or a code is, and what it needs',
    description: 'It can be looked at as often as somebody likes, until it is used.',
    signedIn: false,
    body: secret,
    answers: {
      200: { description: 'What it is.', json: { name: 'Link', schema: linkViewSchema } },
    },
    errors: ['link-invalid', 'too-many-attempts'],
  },
  {
    id: 'linkPasskeyOptions',
    method: 'post',
    path: '/api/auth/links/passkey-options',
    tag,
    summary: 'What to ask the browser for, to use a link with a passkey',
    signedIn: false,
    body: secret,
    answers: {
      200: {
        description: 'For `navigator.credentials.create`.',
        json: { name: 'PasskeyCreation', schema: creationOptionsSchema },
      },
    },
    errors: ['link-invalid', 'too-many-attempts'],
  },
  {
    id: 'acceptLink',
    method: 'post',
    path: '/api/auth/links/accept',
    tag,
    summary: 'Use a link or a code, and be signed in',
    description:
      'With a password or a passkey, where the link needs one. It works once: the account is active, the credential is set and the session has begun, or nothing of it. A reset makes every password, passkey and session of before void.',
    signedIn: false,
    body: { name: 'Acceptance', schema: acceptBody, required: true },
    answers: { 200: { description: 'An access token.', json: session, headers: cookie } },
    errors: [
      'link-invalid',
      'too-many-attempts',
      'passkey-required',
      'passkey-refused',
      'account-inactive',
      'password-too-short',
      'password-easy-to-guess',
      'email-needed',
      'email-taken',
    ],
  },
  {
    id: 'carrySignIn',
    method: 'post',
    path: '/api/auth/carry',
    tag,
    summary: 'A code that signs you in on another place, as the installed app',
    description: 'For ten minutes, once, and no longer than the session that asked for it.',
    signedIn: true,
    answers: {
      201: { description: 'The code.', json: { name: 'CarryCode', schema: carrySchema } },
    },
    errors: ['role-refused', 'too-many-requests'],
  },
  {
    id: 'requestReset',
    method: 'post',
    path: '/api/auth/reset-request',
    tag,
    summary: 'Have a link sent to your e-mail address',
    description:
      'The answer is the same whether or not there is such an account, and so is the time that it takes. Without a mail server nothing is sent.',
    signedIn: false,
    body: { name: 'ResetRequest', schema: resetRequestBody, required: true },
    answers: { 202: { description: 'If there is such an account, a mail is on its way.' } },
    errors: [],
  },
  {
    id: 'invitePatient',
    method: 'post',
    path: '/api/people/invitations',
    tag,
    summary: 'Invite a patient',
    description: 'For doctors, staff and administrators.',
    signedIn: true,
    body: { name: 'NewInvitation', schema: invitationBody, required: true },
    answers: {
      201: {
        description: 'The account, which waits, and the link that opens it.',
        json: { name: 'Invitation', schema: invitationSchema },
      },
    },
    errors: ['role-refused', 'user-not-found', 'email-taken', 'too-many-requests'],
  },
  {
    id: 'makeWayIn',
    method: 'post',
    path: '/api/people/{id}/way-in',
    tag,
    summary: 'A new link, or a code to read out, for somebody who has an account',
    description:
      'Who has not signed in yet gets the invitation again, and everybody else a reset. Staff can do this for patients, administrators for everybody, and doctors for patients who are invited. A new link takes the place of the one before; a code opens the link that there is.',
    signedIn: true,
    parameters: [
      {
        name: 'id',
        in: 'path',
        description: 'Of the person.',
        required: true,
        schema: { type: 'string' },
      },
    ],
    body: { name: 'WayInRequest', schema: wayInBody, required: true },
    answers: {
      201: {
        description: 'What was asked for.',
        json: { name: 'WayIn', schema: wayInSchema },
      },
    },
    errors: ['role-refused', 'user-not-found', 'account-inactive', 'too-many-requests'],
  },
]
