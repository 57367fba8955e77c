import { describe, expect, it } from 'vitest'
import { type DeviceId, directChatId, monthOf, pageDoc, parseUserId } from '../../base/ids.ts'
import type { Attachment } from '../../chat/attachment.ts'
import { sealBody } from '../../chat/body.ts'
import { EntryKind } from '../../chat/entry.ts'
import { LaneWriter } from '../../chat/lane-writer.ts'
import { Page } from '../../chat/page.ts'
import type { OpenPage } from '../documents/pages.ts'
import { MemoryDatabase, MemoryLocalStore } from '../store/memory-local-store.ts'
import type { FileBytes } from '../store/outgoing-store.ts'
import { FileGiver } from './file-giver.ts'
import type { FileTransfer, UploadOutcome } from './file-transfer.ts'

const NOW = Date.UTC(2026, 10, 22, 7, 42)
const chat = directChatId(parseUserId('pat-morgan')!, parseUserId('dr-ada')!)
const doc = pageDoc(chat, monthOf(NOW))

type MakeBlob = new (parts: readonly Uint8Array[]) => FileBytes
const BlobOf = (globalThis as unknown as { Blob: MakeBlob }).Blob

const file = (name: string): Attachment => ({
  hash: name.repeat(64),
  name,
  type: 'image/jpeg',
  size: 3,
})

/** A page with messages of both sides that have files, and what the device keeps of those. */
const given = async (kept: readonly string[]) => {
  const store = new MemoryLocalStore(new MemoryDatabase())
  const page = new Page()
  for (const [index, names] of [
    [1, ['a', 'b']],
    [2, ['c']],
  ] as const) {
    const laneWriter = new LaneWriter(index, 7 + index, 'device00' as DeviceId)
    const body = await sealBody({ text: '', attachments: names.map(file) })
    const draft = { at: NOW, kind: EntryKind.message, ref: null, body }
    page.apply([laneWriter.entries([draft], new Map()).update])
  }
  for (const name of kept)
    await store.putFile(
      chat,
      { hash: file(name).hash, bytes: new BlobOf([new Uint8Array(3)]) },
      NOW,
      1e9,
    )
  await store.append(doc, [], { filesDue: true })
  const offered: string[] = []
  const outcomes: UploadOutcome[] = []
  let due: (() => void) | undefined
  const giver = new FileGiver({
    store,
    transfer: {
      upload: async ({ attachment }) => {
        offered.push(attachment.name)
        return outcomes.shift() ?? { kind: 'done' }
      },
    } as Partial<FileTransfer> as FileTransfer,
    pages: { open: async () => ({ page, me: 1 }) as unknown as OpenPage },
    timers: {
      now: () => NOW,
      elapsed: () => NOW,
      after: (_ms, run) => {
        due = run
        return () => {}
      },
    },
    storageFailed(error) {
      throw error
    },
  })
  const isDue = async () => (await store.record(doc))?.filesDue
  return { giver, offered, outcomes, isDue, wait: () => due?.() }
}

describe('files of a page that was given again', () => {
  it('[EPOCH-4] are offered to the server, those of own messages that are here', async () => {
    const { giver, offered, isDue } = await given(['a', 'c'])
    giver.add(doc)
    await giver.idle()
    expect(offered).toEqual([])
    giver.resume()
    await giver.idle()
    expect(offered).toEqual(['a'])
    expect(await isDue()).toBe(false)
  })

  it('stay due while the server cannot be reached, and are offered again after a wait', async () => {
    const { giver, offered, outcomes, isDue, wait } = await given(['a', 'b'])
    outcomes.push({ kind: 'done' }, { kind: 'unreachable' })
    giver.resume()
    giver.add(doc)
    await giver.idle()
    expect(offered).toEqual(['a', 'b'])
    expect(await isDue()).toBe(true)
    wait()
    await giver.idle()
    expect(offered).toEqual(['a', 'b', 'a', 'b'])
    expect(await isDue()).toBe(false)
  })

  it('that the server refuses are not offered for ever', async () => {
    const { giver, offered, outcomes, isDue } = await given(['a', 'b'])
    outcomes.push({ kind: 'refused', code: 'quota' })
    giver.resume()
    giver.add(doc)
    await giver.idle()
    expect(offered).toEqual(['a', 'b'])
    expect(await isDue()).toBe(false)
  })
})
