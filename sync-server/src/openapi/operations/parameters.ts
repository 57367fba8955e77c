import type { Parameter } from './operation.ts'

export const chatIdParameter: Parameter = {
  name: 'chatId',
  in: 'path',
  required: true,
  description: 'Id of a chat of the caller.',
  schema: { type: 'string' },
  example: 'dm.pat-morgan.dr-ada',
}

export const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'The same request with the same key sends one message, or makes one group, within 24 hours and gets the first answer.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
  example: 'visit-17-reminder',
}
