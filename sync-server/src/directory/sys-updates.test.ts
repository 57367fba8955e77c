import { directChatId, parseMonth, parseUserId } from '@wardline/core/base/ids'
import { SYS } from '@wardline/core/chat/lanes'
import { readChatSys, readUserSys } from '@wardline/core/chat/sys'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Chat } from './chat-record.ts'
import { encodeNewChat, encodePage, encodeUserChat } from './sys-updates.ts'

const pat = parseUserId('pat-morgan')!
const ada = parseUserId('dr-ada')!
const chat: Chat = {
  id: directChatId(pat, ada),
  kind: 'direct',
  createdAt: 7,
  members: [
    { index: 1, userId: pat, name: 'Pat Morgan', role: 'patient', since: 7 },
    { index: 2, userId: ada, name: 'Dr Ada', role: 'doctor', specialty: 'Surgery', since: 7 },
  ],
  pages: [],
}
const january = parseMonth('2026-01')!
const february = parseMonth('2026-02')!

const apply = (...updates: Uint8Array[]): Y.Doc => {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  expect(doc.store.pendingStructs).toBeNull()
  return doc
}

it('[DOC-6] writes a chat that Yjs and the reader understand, in any order', () => {
  const updates = [encodeNewChat(chat, 1), encodePage(january, 2), encodePage(february, 3)]
  for (const order of [updates, updates.toReversed()]) {
    const sys = apply(...order).getMap(SYS)
    expect(readChatSys(sys.entries())).toEqual({
      kind: 'direct',
      title: '',
      version: 1,
      members: [
        { index: 1, userId: pat, name: 'Pat Morgan', role: 'patient', at: 7 },
        { index: 2, userId: ada, name: 'Dr Ada', role: 'doctor', specialty: 'Surgery', at: 7 },
      ],
      events: [
        { n: 1, event: 'joined', index: 1, name: 'Pat Morgan', at: 7 },
        { n: 2, event: 'joined', index: 2, name: 'Dr Ada', at: 7 },
      ],
      pages: ['2026-02', '2026-01'],
    })
  }
})

it('[DOC-6] writes a user’s chat', () => {
  const sys = apply(encodeUserChat(chat, 9, 4)).getMap(SYS)
  expect(readUserSys(sys.entries())).toEqual(
    new Map([
      [
        chat.id,
        {
          kind: 'direct',
          members: [
            { index: 1, userId: pat, name: 'Pat Morgan', role: 'patient' },
            { index: 2, userId: ada, name: 'Dr Ada', role: 'doctor', specialty: 'Surgery' },
          ],
          at: 9,
          version: 1,
        },
      ],
    ]),
  )
})

it('writes with index 0 from clock 0', () => {
  const { structs } = Y.decodeUpdate(encodePage(january, 12345))
  expect(structs.map(({ id }) => id)).toEqual([{ client: 12345, clock: 0 }])
})
