import { z } from 'zod'
import { chatAnswerSchema, chatListSchema } from '../../api/chat-schemas.ts'
import {
  newGroupBody,
  newMemberBody,
  recallGroupBody,
  renameGroupBody,
} from '../../api/group-schemas.ts'
import { newChatBody } from '../../api/new-chat-body.ts'
import { openingsBody } from '../../api/openings-schemas.ts'
import type { Operation, Parameter } from './operation.ts'
import { idempotencyKey } from './parameters.ts'

const chat = { name: 'ChatAnswer', schema: chatAnswerSchema }
const groupId: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Id of a group of the caller.',
  schema: { type: 'string' },
  example: 'g.7f3k9q2m5xa8b4c6',
}

export const chatOperations: readonly Operation[] = [
  {
    id: 'listChats',
    method: 'get',
    path: '/api/chat/chats',
    tag: 'Chats',
    summary: 'List the caller’s chats',
    signedIn: true,
    answers: {
      200: {
        description: 'In no particular order.',
        json: { name: 'ChatList', schema: chatListSchema },
      },
    },
    errors: ['too-many-requests'],
  },
  {
    id: 'startChat',
    method: 'post',
    path: '/api/chat/chats',
    tag: 'Chats',
    summary: 'Start the chat of a patient and a doctor',
    description: 'Patients name a doctor, doctors a patient. Doing it again gives the same chat.',
    signedIn: true,
    body: { name: 'NewChat', schema: newChatBody, required: true },
    answers: {
      200: { description: 'It was there.', json: chat },
      201: { description: 'It is new.', json: chat },
    },
    errors: ['role-refused', 'start-refused', 'user-not-found', 'too-many-requests'],
  },
  {
    id: 'noteOpenings',
    method: 'post',
    path: '/api/chat/openings',
    tag: 'Chats',
    summary: 'Say which chats were on a screen',
    description:
      'For the audit trail: one line for a person, a chat and a day, and one more for each sign-in. Times are the device’s; what is older than 31 days counts as of then. Chats that the caller is not in are passed over.',
    signedIn: true,
    body: { name: 'Openings', schema: openingsBody, required: true },
    answers: { 204: { description: 'It is noted.' } },
    errors: ['too-many-requests'],
  },
  {
    id: 'makeGroup',
    method: 'post',
    path: '/api/chat/groups',
    tag: 'Chats',
    summary: 'Make a group',
    signedIn: true,
    parameters: [idempotencyKey],
    body: { name: 'NewGroup', schema: newGroupBody, required: true },
    answers: { 201: { description: 'The group.', json: chat } },
    errors: [
      'role-refused',
      'start-refused',
      'chat-not-found',
      'user-not-found',
      'group-full',
      'too-many-groups',
      'idempotency-key-reused',
      'too-many-requests',
    ],
  },
  {
    id: 'renameGroup',
    method: 'patch',
    path: '/api/chat/groups/{id}',
    tag: 'Chats',
    summary: 'Rename a group',
    signedIn: true,
    parameters: [groupId],
    body: { name: 'GroupTitle', schema: renameGroupBody, required: true },
    answers: { 200: { description: 'The group.', json: chat } },
    errors: ['role-refused', 'chat-not-found', 'group-changed-often', 'too-many-requests'],
  },
  {
    id: 'recallGroup',
    method: 'post',
    path: '/api/chat/groups/{id}/recall',
    tag: 'Chats',
    summary: 'Hand back what the server once said of a group',
    description:
      'For a server that has lost it: what it says in the `sys` map of a user’s document, with its seal.',
    signedIn: true,
    parameters: [groupId],
    body: { name: 'RecallGroup', schema: recallGroupBody, required: true },
    answers: {
      200: {
        description: 'Whether anything of it was missing.',
        json: { name: 'RecalledGroup', schema: z.object({ recalled: z.boolean() }) },
      },
    },
    errors: ['chat-not-found', 'too-many-requests'],
  },
  {
    id: 'addMember',
    method: 'post',
    path: '/api/chat/groups/{id}/members',
    tag: 'Chats',
    summary: 'Take somebody into a group',
    signedIn: true,
    parameters: [groupId],
    body: { name: 'NewMember', schema: newMemberBody, required: true },
    answers: { 200: { description: 'The group.', json: chat } },
    errors: [
      'role-refused',
      'chat-not-found',
      'user-not-found',
      'group-full',
      'group-changed-often',
      'too-many-requests',
    ],
  },
  {
    id: 'removeMember',
    method: 'delete',
    path: '/api/chat/groups/{id}/members/{userId}',
    tag: 'Chats',
    summary: 'Take somebody out of a group',
    signedIn: true,
    parameters: [
      groupId,
      {
        name: 'userId',
        in: 'path',
        required: true,
        description: 'Who.',
        schema: { type: 'string' },
        example: 'dr-ben',
      },
    ],
    answers: { 204: { description: 'They are out of it.' } },
    errors: ['role-refused', 'chat-not-found', 'last-doctor', 'too-many-requests'],
  },
]
