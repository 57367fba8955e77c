import { expect, it } from 'vitest'
import { chatDoc, directChatId, parseUserId } from '../../base/ids.ts'
import { noDraft } from '../model/composer-draft.ts'
import { parsePosted } from './parse-tab-message.ts'
import type { TabMessage } from './tab-bus.ts'

const ada = parseUserId('pat-ada')!
const bea = parseUserId('doc-bea')!
const chat = directChatId(ada, bea)
const doc = chatDoc(chat)
const draft = { ...noDraft, id: 'd1', text: 'x', caption: 'y' }

/** Every kind there is, or this does not compile. */
const samples: { readonly [K in TabMessage['type']]: readonly Extract<TabMessage, { type: K }>[] } =
  {
    rows: [{ type: 'rows', doc }],
    replaced: [{ type: 'replaced', doc }],
    acknowledged: [{ type: 'acknowledged', doc, upTo: 3 }],
    draft: [
      { type: 'draft', chat, draft },
      { type: 'draft', chat, draft: noDraft },
    ],
    'draft-used': [
      { type: 'draft-used', use: { chat, draft: noDraft, from: { known: draft, print: 7 } } },
      { type: 'draft-used', use: { chat, draft: noDraft, from: { known: draft } } },
      { type: 'draft-used', use: { chat, draft } },
    ],
    outgoing: [{ type: 'outgoing', chat }],
    transfer: [{ type: 'transfer', id: 'a', hash: 'b', sent: 0 }],
    want: [{ type: 'want', docs: [doc] }],
    typing: [{ type: 'typing', chat, typing: true }],
    connection: [
      { type: 'connection', connection: { phase: 'live' } },
      { type: 'connection', connection: { phase: 'offline' } },
      { type: 'connection', connection: { phase: 'connecting' } },
      { type: 'connection', connection: { phase: 'signed-out' } },
      { type: 'connection', connection: { phase: 'syncing', behind: 4 } },
    ],
    restoring: [
      { type: 'restoring', docs: [doc] },
      { type: 'restoring', docs: [] },
    ],
    presence: [{ type: 'presence', people: [{ user: bea, online: false, lastSeenAt: 3 }] }],
    typists: [{ type: 'typists', chat, users: ['doc-bea'] }],
    rounds: [
      { type: 'rounds', asOf: [{ chat, at: 60_000 }], files: { missing: 1, omitted: 0 } },
      { type: 'rounds', asOf: [], files: { missing: 0, omitted: 0 } },
    ],
    openings: [{ type: 'openings', openings: [{ chat, at: 60_000 }] }],
    refetch: [{ type: 'refetch', doc }],
    hello: [{ type: 'hello' }],
    clock: [{ type: 'clock', offset: -3_600_000, serverTime: 1_767_225_600_000 }],
    wake: [{ type: 'wake' }],
    attend: [{ type: 'attend' }],
    'signed-in': [{ type: 'signed-in' }],
  }

it.each(Object.values(samples).flat())('is read as it was posted: %j', (message) => {
  expect(parsePosted({ from: 'one', message })).toEqual({ from: 'one', message })
})

it.each(Object.values(samples).flat())('is dropped without one of its fields: %j', (message) => {
  for (const name of Object.keys(message)) {
    const { [name as 'type']: _, ...rest } = message
    expect(parsePosted({ from: 'one', message: rest })).toBeUndefined()
  }
})

it.each([
  null,
  { type: 'hello' },
  { from: 'one', message: { type: 'new-in-2030' } },
  { from: 'one', message: { type: 'toString' } },
  { from: 'one', message: { type: '__proto__' } },
  { from: 'one', message: { type: 'rows', doc: 'nonsense' } },
  { from: 'one', message: { type: 'want', docs: [doc, 3] } },
  { from: 'one', message: { type: 'connection', connection: { phase: 'odd' } } },
  { from: 'one', message: { type: 'connection', connection: { phase: 'toString' } } },
  { from: 'one', message: { type: 'rounds', asOf: [{ chat: 'x', at: 1 }], files: {} } },
  { from: 3, message: { type: 'hello' } },
])('what cannot be read is dropped: %j', (value) => {
  expect(parsePosted(value)).toBeUndefined()
})
