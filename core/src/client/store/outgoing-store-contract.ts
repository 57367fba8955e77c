/** What every local store keeps to with files, as tests: part of the contract of local stores. */
import { describe, expect, it } from 'vitest'
import { type ChatId, directChatId, monthOf, pageDoc, parseUserId } from '../../base/ids.ts'
import { noDraft } from '../model/composer-draft.ts'
import type { LocalStore } from './local-store.ts'
import type { FileBytes, OutgoingMessage } from './outgoing-store.ts'

const user = (id: string) => {
  const parsed = parseUserId(id)
  if (parsed === undefined) throw new Error(`not a user id: ${id}`)
  return parsed
}
const chat: ChatId = directChatId(user('pat-ada'), user('doc-bea'))
const page = pageDoc(chat, monthOf(Date.UTC(2026, 0, 1)))

type MakeBlob = new (parts: readonly string[]) => FileBytes
const BlobOf = (globalThis as unknown as { Blob: MakeBlob }).Blob
const blob = (text: string): FileBytes => new BlobOf([text])
const textOf = async (bytes: FileBytes | undefined): Promise<string | undefined> =>
  bytes && String.fromCharCode(...new Uint8Array(await bytes.arrayBuffer()))
const hashOf = (digit: string) => digit.repeat(64)

const messageWith = (id: string, at: number, ...digits: string[]): OutgoingMessage => ({
  id,
  chat,
  at,
  text: 'Look at this',
  replyTo: '2026-01/5.1',
  problem: null,
  files: digits.map((digit) => ({
    attachment: { hash: hashOf(digit), name: 'x.pdf', type: 'application/pdf', size: 3 },
    location: null,
    uploaded: false,
  })),
})

export const outgoingStoreContract = (
  open: () => LocalStore,
  restarted: () => Promise<LocalStore>,
): void => {
  describe('outgoing messages', () => {
    it('stay with their bytes, oldest first, over a restart', async () => {
      const [early, late] = [messageWith('a', 2, 'a'), messageWith('b', 1, 'b', 'c')]
      await open().putOutgoing(early, [{ hash: hashOf('a'), bytes: blob('one') }])
      await open().putOutgoing(late, [
        { hash: hashOf('b'), bytes: blob('two') },
        { hash: hashOf('c'), bytes: blob('three') },
      ])
      const store = await restarted()
      expect(await store.outgoing()).toEqual([late, early])
      expect(await textOf(await store.file(hashOf('c'), 5))).toBe('three')
    })

    it('are stored with what they leave of the draft of their chat', async () => {
      const draft = { ...noDraft, text: 'hello' }
      await open().putOutgoing(messageWith('a', 2), [], { chat, draft })
      expect((await (await restarted()).load()).drafts).toEqual([{ chat, draft }])
      await open().putOutgoing(messageWith('b', 3), [], { chat, draft: noDraft })
      expect((await (await restarted()).load()).drafts).toEqual([])
    })

    it('change, and do not come back by a change', async () => {
      const message = messageWith('a', 2, 'a')
      await open().putOutgoing(message, [])
      const files = message.files.map((file) => ({ ...file, location: '/x', uploaded: true }))
      await open().patchOutgoing('a', { files })
      await open().patchOutgoing('a', { problem: 'file-too-large' })
      const changed = { ...message, files, problem: 'file-too-large' }
      expect(await (await restarted()).outgoing()).toEqual([changed])
      await open().removeOutgoing('a')
      await open().patchOutgoing('a', { problem: null })
      expect(await (await restarted()).outgoing()).toEqual([])
    })

    it('go in the transaction that stores their entry', async () => {
      await open().putOutgoing(messageWith('a', 2, 'a'), [])
      await open().putOutgoing(messageWith('b', 3, 'b'), [])
      const mine = { entries: [{ writer: 1, n: 1 }], outgoing: 'a' }
      await open().append(page, [{ update: new Uint8Array([1]), mine }])
      const store = await restarted()
      expect((await store.outgoing()).map(({ id }) => id)).toEqual(['b'])
      expect((await store.outbox()).map(({ entries }) => entries)).toEqual([mine.entries])
    })
  })

  describe('files', () => {
    const put = (digit: string, at: number, budget = 1_000) =>
      open().putFile(chat, { hash: hashOf(digit), bytes: blob('123456') }, at, budget)
    const kept = async () => {
      const store = await restarted()
      const found = await Promise.all(['a', 'b', 'c'].map((d) => store.file(hashOf(d), 99)))
      return found.map((bytes) => bytes?.size ?? 0)
    }

    it('are found by their hash', async () => {
      await put('a', 1)
      expect(await kept()).toEqual([6, 0, 0])
      await open().removeFile(hashOf('a'))
      expect(await kept()).toEqual([0, 0, 0])
    })

    it('that were not used for longest go first', async () => {
      await put('a', 1)
      await put('b', 2)
      await open().file(hashOf('a'), 3)
      await put('c', 4, 13)
      expect(await kept()).toEqual([6, 0, 6])
    })

    it('are known by the chat that they were kept for', async () => {
      const other = directChatId(user('pat-ada'), user('doc-cem'))
      await put('a', 1)
      await open().putFile(other, { hash: hashOf('b'), bytes: blob('x') }, 2, 1_000)
      await open().putOutgoing(messageWith('m', 3, 'c'), [{ hash: hashOf('c'), bytes: blob('x') }])
      await open().file(hashOf('a'), 4)
      const store = await restarted()
      expect((await store.filesFor(chat)).sort()).toEqual([hashOf('a'), hashOf('c')])
      expect(await store.filesFor(other)).toEqual([hashOf('b')])
    })

    it('of outgoing messages stay', async () => {
      await open().putOutgoing(messageWith('m', 1, 'a'), [
        { hash: hashOf('a'), bytes: blob('123456') },
      ])
      await put('b', 2)
      await put('c', 3, 12)
      await open().removeFile(hashOf('a'))
      expect(await kept()).toEqual([6, 0, 6])
    })

    it('to be deleted are remembered until it is done', async () => {
      const deletions = ['a', 'b'].map((digit) => ({ chat, hash: hashOf(digit) }))
      await open().putFileDeletions(deletions)
      await open().putFileDeletions(deletions.slice(0, 1))
      expect(await (await restarted()).fileDeletions()).toEqual(deletions)
      for (const each of deletions.slice(0, 1)) await open().removeFileDeletion(each)
      expect(await (await restarted()).fileDeletions()).toEqual(deletions.slice(1))
    })

    it('are gone after a wipe', async () => {
      await put('a', 1)
      await open().putOutgoing(messageWith('m', 1, 'b'), [])
      await open().putFileDeletions([{ chat, hash: hashOf('c') }])
      await open().wipe()
      expect(await kept()).toEqual([0, 0, 0])
      expect(await open().outgoing()).toEqual([])
      expect(await open().fileDeletions()).toEqual([])
    })
  })
}
