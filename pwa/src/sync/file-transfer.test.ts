import type { ChatId } from '@wardline/core/base/ids'
import { afterEach, expect, it, vi } from 'vitest'
import { fileTransfer } from './file-transfer.ts'

const chat = 'dm.pat-morgan.dr-ada' as ChatId
const hash = 'ab'.repeat(32)

afterEach(() => vi.unstubAllGlobals())

/** A server that would go on sending for ever. */
const endless = () => {
  const sent = { bytes: 0, aborted: false }
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent.bytes += 1_000
      controller.enqueue(new Uint8Array(1_000))
    },
  })
  vi.stubGlobal('fetch', async (_path: string, { signal }: RequestInit) => {
    signal?.addEventListener('abort', () => {
      sent.aborted = true
    })
    return new Response(body)
  })
  return sent
}

const transfer = fileTransfer({
  getToken: async () => ({ kind: 'token', token: 't', expiresAt: 0 }),
  dropToken: () => {},
})

it('takes no more of a file than its message says that it has', async () => {
  const sent = endless()
  expect(await transfer.download(chat, hash, 5_000, () => {})).toEqual({ kind: 'gone' })
  expect(sent).toMatchObject({ aborted: true })
  expect(sent.bytes).toBeLessThan(10_000)
})

it('takes a file of the size that it is said to have', async () => {
  vi.stubGlobal('fetch', async () => new Response('12345'))
  const received: number[] = []
  const outcome = await transfer.download(chat, hash, 5, (bytes) => received.push(bytes))
  expect(outcome).toMatchObject({ kind: 'done' })
  expect(received).toEqual([5])
})
