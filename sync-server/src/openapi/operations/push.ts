import { z } from 'zod'
import { targetSchema } from '../../push/subscription.ts'
import type { Operation } from './operation.ts'

const keySchema = z.object({ publicKey: z.string() })

export const pushOperations: readonly Operation[] = [
  {
    id: 'getPushKey',
    method: 'get',
    path: '/api/push/key',
    tag: 'Notifications',
    summary: 'The key that a browser subscribes to notifications with',
    signedIn: true,
    answers: {
      200: { description: 'Base64url, 65 bytes.', json: { name: 'PushKey', schema: keySchema } },
    },
    errors: ['too-many-requests'],
  },
  {
    id: 'subscribe',
    method: 'put',
    path: '/api/push/subscription',
    tag: 'Notifications',
    summary: 'Have notifications sent to this session’s browser',
    description:
      'What `PushSubscription.toJSON()` gives. Takes the place of what the session had, and lasts until the session ends.',
    signedIn: true,
    body: { name: 'PushSubscription', schema: targetSchema, required: true },
    answers: { 204: { description: 'It is stored.' } },
    errors: ['too-many-requests'],
  },
  {
    id: 'unsubscribe',
    method: 'delete',
    path: '/api/push/subscription',
    tag: 'Notifications',
    summary: 'Have none sent any more',
    signedIn: true,
    answers: { 204: { description: 'There is no subscription of this session.' } },
    errors: ['too-many-requests'],
  },
]
