import { lostFilesSchema } from '../../files/files.ts'
import type { Operation, Parameter } from './operation.ts'

const chat: Parameter = {
  name: 'chat',
  in: 'path',
  required: true,
  description: 'Id of a chat of the caller.',
  schema: { type: 'string' },
  example: 'dm.pat-morgan.dr-ada',
}
const hash: Parameter = {
  name: 'hash',
  in: 'path',
  required: true,
  description: 'SHA-256 of the bytes, in hex.',
  schema: { type: 'string' },
  example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
}
const upload: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'Of the upload, from its Location.',
  schema: { type: 'string' },
}
const header = (name: string, description: string, required = false): Parameter => ({
  name,
  in: 'header',
  description,
  required,
  schema: { type: 'string' },
})
const resumable = header('Tus-Resumable', 'Version of the tus protocol: 1.0.0.', true)
const OCTETS = 'application/offset+octet-stream'

export const fileOperations: readonly Operation[] = [
  {
    id: 'claimFile',
    method: 'put',
    path: '/api/files/{chat}/{hash}',
    tag: 'Files',
    summary: 'Ask whether the chat has a file already, to be named in a message',
    signedIn: true,
    parameters: [chat, hash],
    answers: { 204: { description: 'It has.' } },
    errors: ['not-found', 'too-many-requests', 'quota-full'],
  },
  {
    id: 'getFile',
    method: 'get',
    path: '/api/files/{chat}/{hash}',
    tag: 'Files',
    summary: 'Get a file',
    signedIn: true,
    parameters: [chat, hash, header('Range', 'A part of it.')],
    answers: {
      200: { description: 'The bytes.', type: '*/*' },
      206: { description: 'The part that was asked for.', type: '*/*' },
    },
    errors: ['not-found', 'file-lost', 'range-not-there'],
  },
  {
    id: 'listLostFiles',
    method: 'get',
    path: '/api/files/lost',
    tag: 'Files',
    summary: 'Files of your chats whose bytes the server has lost, to be given back',
    signedIn: true,
    parameters: [],
    answers: {
      200: {
        description: 'A hundred at most.',
        json: { name: 'LostFiles', schema: lostFilesSchema },
      },
    },
    errors: [],
  },
  {
    id: 'releaseFile',
    method: 'delete',
    path: '/api/files/{chat}/{hash}',
    tag: 'Files',
    summary: 'Let a file go',
    description:
      'For who uploaded or claimed it. When nobody holds it any more it is deleted, or, if messages of the chat still have it, with the last of them.',
    signedIn: true,
    parameters: [chat, hash],
    answers: { 204: { description: 'It is noted.' } },
    errors: ['not-found', 'too-many-requests'],
  },
  {
    id: 'beginUpload',
    method: 'post',
    path: '/api/files/uploads',
    tag: 'Files',
    summary: 'Begin an upload (tus 1.0.0)',
    signedIn: true,
    parameters: [
      resumable,
      header('Upload-Length', 'Bytes of the file.', true),
      header('Upload-Metadata', 'chat, hash, name and type, as tus encodes them.', true),
    ],
    answers: {
      201: { description: 'It has begun.', headers: { Location: 'Where it goes on.' } },
    },
    errors: [
      'not-found',
      'upload-version',
      'file-too-large',
      'file-type-refused',
      'file-damaged',
      'too-many-uploads',
      'too-many-requests',
      'quota-full',
    ],
  },
  {
    id: 'askUpload',
    method: 'head',
    path: '/api/files/uploads/{id}',
    tag: 'Files',
    summary: 'Ask how much of an upload is there',
    signedIn: true,
    parameters: [upload, resumable],
    answers: { 200: { description: 'How much.', headers: { 'Upload-Offset': 'Bytes.' } } },
    errors: ['not-found', 'upload-version', 'file-type-refused', 'file-damaged'],
  },
  {
    id: 'continueUpload',
    method: 'patch',
    path: '/api/files/uploads/{id}',
    tag: 'Files',
    summary: 'Go on with an upload',
    signedIn: true,
    parameters: [
      upload,
      resumable,
      header('Upload-Offset', 'Bytes that are there.', true),
      header('Content-Type', OCTETS, true),
    ],
    rawBody: OCTETS,
    answers: { 204: { description: 'How much is there now.' } },
    errors: [
      'not-found',
      'upload-offset',
      'upload-version',
      'file-too-large',
      'file-type-refused',
      'file-damaged',
    ],
  },
  {
    id: 'dropUpload',
    method: 'delete',
    path: '/api/files/uploads/{id}',
    tag: 'Files',
    summary: 'Give an upload up',
    signedIn: true,
    parameters: [upload, resumable],
    answers: { 204: { description: 'It is gone.' } },
    errors: ['not-found', 'upload-version', 'too-many-requests'],
  },
]
