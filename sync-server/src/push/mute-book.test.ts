import { PREFS } from '@wardline/core/chat/lanes'
import { prefKey } from '@wardline/core/client/prefs'
import { type ChatId, userDoc } from '@wardline/core/ids/ids'
import { expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { MemoryStore } from '../storage/memory-store.ts'
import { ada, chat, pat } from '../sync/sync-test-kit.ts'
import { MuteBook } from './mute-book.ts'

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
  const mutes = new MuteBook(store)
  expect(await mutes.isMuted(pat, chat)).toBe(false)
  await set(true)
  expect(await mutes.isMuted(pat, chat)).toBe(true)
  expect(await mutes.isMuted(pat, 'g.0123456789abcdef' as ChatId)).toBe(false)
  expect(await mutes.isMuted(ada, chat)).toBe(false)
  await set(false)
  expect(await mutes.isMuted(pat, chat)).toBe(false)
  expect(read.mock.calls.length).toBe(4)
})
