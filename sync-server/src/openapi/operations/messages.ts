import {
  blockedAnswerSchema,
  blockedBodySchema,
  DEFAULT_PAGE,
  editBody,
  historySchema,
  MAX_PAGE,
  messageAnswerSchema,
  readAnswerSchema,
  readBodySchema,
  sendBody,
} from '../../api/schemas.ts'
import { MESSAGE_ID } from '../../folds/message-id.ts'
import type { Operation, Parameter } from './operation.ts'
import { chatIdParameter, idempotencyKey } from './parameters.ts'

const messageId: Parameter = {
  name: 'messageId',
  in: 'path',
  required: true,
  description: 'Id of a message, as the answers have it.',
  schema: { type: 'string' },
  example: 'dm.pat-morgan.dr-ada~2026-01~628292358309.3',
}
const message = { name: 'MessageAnswer', schema: messageAnswerSchema }

export const messageOperations: readonly Operation[] = [
  {
    id: 'listMessages',
    method: 'get',
    path: '/api/chat/chats/{chatId}/messages',
    tag: 'Messages',
    summary: 'Read a chat’s messages, from the newest back',
    description:
      'What is fetched counts as delivered to the caller. For older ones give the id of the last message as `before`.',
    signedIn: true,
    parameters: [
      chatIdParameter,
      {
        name: 'before',
        in: 'query',
        description: 'Only what lies before this message.',
        schema: { type: 'string', pattern: MESSAGE_ID.source },
      },
      {
        name: 'limit',
        in: 'query',
        description: 'Messages at most.',
        schema: { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: DEFAULT_PAGE },
      },
    ],
    answers: {
      200: { description: 'Messages.', json: { name: 'MessageList', schema: historySchema } },
    },
    errors: ['chat-not-found', 'message-not-found', 'too-many-requests'],
  },
  {
    id: 'sendMessage',
    method: 'post',
    path: '/api/chat/chats/{chatId}/messages',
    tag: 'Messages',
    summary: 'Send a message',
    description: 'Answers when the message is durable; the others see it at the same time.',
    signedIn: true,
    parameters: [chatIdParameter, idempotencyKey],
    body: { name: 'NewMessage', schema: sendBody, required: true },
    answers: { 201: { description: 'It is stored.', json: message } },
    errors: [
      'chat-not-found',
      'message-not-found',
      'idempotency-key-reused',
      'too-many-requests',
      'chat-closed',
      'quota-full',
    ],
  },
  {
    id: 'markRead',
    method: 'put',
    path: '/api/chat/chats/{chatId}/read',
    tag: 'Messages',
    summary: 'Mark messages as read',
    description:
      'All of the chat, or those up to one in the order of the timeline. A chat that the caller marked as unread is so no more.',
    signedIn: true,
    parameters: [chatIdParameter],
    body: { name: 'ReadMark', schema: readBodySchema, required: false },
    answers: {
      200: {
        description: 'How many are unread now.',
        json: { name: 'ReadAnswer', schema: readAnswerSchema },
      },
    },
    errors: ['chat-not-found', 'message-not-found', 'too-many-requests', 'quota-full'],
  },
  {
    id: 'blockChat',
    method: 'put',
    path: '/api/chat/chats/{chatId}/blocked',
    tag: 'Chats',
    summary: 'Take no messages of the other person in a direct chat, or take them again',
    description:
      'What the other writes is refused from then on, and both are told. The caller’s devices follow. Groups are left instead.',
    signedIn: true,
    parameters: [chatIdParameter],
    body: { name: 'Blocked', schema: blockedBodySchema, required: true },
    answers: {
      200: {
        description: 'As it is now.',
        json: { name: 'BlockedAnswer', schema: blockedAnswerSchema },
      },
    },
    errors: ['chat-not-found', 'too-many-requests', 'quota-full'],
  },
  {
    id: 'editMessage',
    method: 'put',
    path: '/api/chat/messages/{messageId}',
    tag: 'Messages',
    summary: 'Change the text of one’s own message',
    signedIn: true,
    parameters: [messageId],
    body: { name: 'MessageEdit', schema: editBody, required: true },
    answers: { 200: { description: 'As it is now.', json: message } },
    errors: [
      'not-your-message',
      'message-not-found',
      'message-not-editable',
      'too-many-requests',
      'chat-closed',
      'quota-full',
    ],
  },
  {
    id: 'retractMessage',
    method: 'delete',
    path: '/api/chat/messages/{messageId}',
    tag: 'Messages',
    summary: 'Take back one’s own message',
    description:
      'Its content is deleted on the server and on every device, with the files that no other message has; a stub stays.',
    signedIn: true,
    parameters: [messageId],
    answers: { 200: { description: 'The stub.', json: message } },
    errors: ['not-your-message', 'message-not-found', 'too-many-requests', 'quota-full'],
  },
]
