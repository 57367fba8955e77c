import { type DocName, pageDoc, parseChatId, parseMonth } from '@wardline/core/base/ids'
import { expect, it, vi } from 'vitest'
import { Scrubber } from './scrubber.ts'
import { StoreError } from './store-error.ts'

it('reads every document and record in rounds with rests, whatever it meets, until it is stopped', async () => {
  const docs = ['2025-10', '2025-11'].map((month) =>
    pageDoc(parseChatId('dm.anna.drbob')!, parseMonth(month)!),
  )
  const read: string[] = []
  const waits: number[] = []
  let go = (): void => {}
  const scrubber = new Scrubber(
    {
      documents: async () => docs,
      read: async (doc: DocName) => {
        read.push(doc)
        throw new StoreError('STORE_CORRUPT', 'damaged')
      },
      listRecords: async (prefix) => {
        read.push(prefix)
        return []
      },
    },
    (ms, signal) =>
      new Promise((resolve) => {
        waits.push(ms)
        signal.addEventListener('abort', () => resolve())
        if (ms < 60_000) resolve()
        else go = resolve
      }),
    (error) => {
      throw error
    },
  )
  expect(read).toEqual([])
  go()
  await vi.waitFor(() => expect(waits.at(-1)).toBe(6 * 3_600_000))
  expect(read).toEqual([...docs, ...'abcdefghijklmnopqrstuvwxyz'])
  await scrubber.stop()
})
