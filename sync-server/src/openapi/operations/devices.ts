import { deviceBody, devicesSchema, passwordBody, passwordCheckBody } from './auth-schemas.ts'
import type { Operation, Parameter } from './operation.ts'

const id: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Of the list of devices.',
  schema: { type: 'string' },
}

/** What somebody may do with the devices that they are signed in on. */
export const deviceOperations: readonly Operation[] = [
  {
    id: 'listDevices',
    method: 'get',
    path: '/api/auth/devices',
    tag: 'Signing in',
    summary: 'The devices that you are signed in on',
    description: 'The one that was seen last first. Nothing of where they are.',
    signedIn: true,
    answers: {
      200: { description: 'At most 50.', json: { name: 'Devices', schema: devicesSchema } },
    },
    errors: ['too-many-requests'],
  },
  {
    id: 'renameDevice',
    method: 'patch',
    path: '/api/auth/devices/{id}',
    tag: 'Signing in',
    summary: 'Give a device of yours another name',
    signedIn: true,
    parameters: [id],
    body: { name: 'DeviceName', schema: deviceBody, required: true },
    answers: { 204: { description: 'It has it.' } },
    errors: ['device-not-found', 'too-many-requests'],
  },
  {
    id: 'removeDevice',
    method: 'delete',
    path: '/api/auth/devices/{id}',
    tag: 'Signing in',
    summary: 'Remove a device of yours',
    description:
      'Its session ends at once: its sockets are closed, its tokens refused, its notifications end. When it comes again it is answered `device-removed` and empties itself.',
    signedIn: true,
    parameters: [id],
    answers: { 204: { description: 'It is over.' } },
    errors: ['device-not-found', 'too-many-requests'],
  },
  {
    id: 'signOutEverywhere',
    method: 'post',
    path: '/api/auth/sign-out-everywhere',
    tag: 'Signing in',
    summary: 'Remove all devices of yours, this one too',
    signedIn: true,
    answers: {
      204: {
        description: 'All sessions are over.',
        headers: { 'Clear-Site-Data': 'What the browser is to delete.' },
      },
    },
    errors: ['too-many-requests'],
  },
  {
    id: 'checkPassword',
    method: 'post',
    path: '/api/auth/password/check',
    tag: 'Signing in',
    summary: 'Whether a password is your own',
    description: 'For a device that has locked itself. Nothing changes.',
    signedIn: true,
    body: { name: 'PasswordCheck', schema: passwordCheckBody, required: true },
    answers: { 204: { description: 'It is.' } },
    errors: ['wrong-password', 'too-many-attempts', 'too-many-requests'],
  },
  {
    id: 'changePassword',
    method: 'put',
    path: '/api/auth/password',
    tag: 'Signing in',
    summary: 'Choose another password',
    description: 'All other sessions of yours end: the other devices have to sign in with it.',
    signedIn: true,
    body: { name: 'PasswordChange', schema: passwordBody, required: true },
    answers: { 204: { description: 'It is the password from now on.' } },
    errors: [
      'wrong-password',
      'password-too-short',
      'password-easy-to-guess',
      'too-many-attempts',
      'too-many-requests',
    ],
  },
]
