import {
  type ChatId,
  directChatId,
  parseUserId,
  type UserId,
  userDoc,
} from '@wardline/core/base/ids'
import { PREFS } from '@wardline/core/chat/lanes'
import { prefKey } from '@wardline/core/chat/prefs'
import { expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { MemoryStore } from '../storage/memory-store.ts'
import { Preferences } from './preferences.ts'

const pat = parseUserId('pat-morgan')!
const ada = parseUserId('dr-ada')!
const chat = directChatId(pat, ada)

it('knows what the person’s own document says, and reads it once for each head', async () => {
  const store = new MemoryStore()
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  const set = async (muted: boolean) => {
    doc.getMap(PREFS).set(prefKey('muted', chat), muted)
    await store.commit({ appends: [{ doc: userDoc(pat), update: updates.at(-1)! }] })
  }
  const read = vi.spyOn(store, 'read')
  const book = new Preferences(store)
  const isMuted = async (user: UserId, id = chat) => (await book.of(user, id)).muted
  expect(await isMuted(pat)).toBe(false)
  await set(true)
  expect(await isMuted(pat)).toBe(true)
  expect(await isMuted(pat, 'g.0123456789abcdef' as ChatId)).toBe(false)
  expect(await isMuted(ada)).toBe(false)
  await set(false)
  expect(await isMuted(pat)).toBe(false)
  expect(read.mock.calls.length).toBe(4)
})
