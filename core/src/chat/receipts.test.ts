import { describe, expect, it } from 'vitest'
import { readReceiptKey, writeReceiptKey } from './receipt-key.ts'
import { Receipts } from './receipts.ts'
import { statusOf } from './status.ts'

/** Time, in ms, that a slow and busy machine may take for what would take minutes in squares. */
const SLOW = 30_000

describe('Receipts', () => {
  it('[RECEIPT-1] covers all entries of the writer up to n, from the smallest mark that does', () => {
    const receipts = new Receipts()
    receipts.add('d/7/5', 500)
    receipts.add('d/7/2', 200)
    expect(receipts.watermark('d', 7)).toBe(5)
    expect(receipts.timeOf('d', 7, 1)).toBe(200)
    expect(receipts.timeOf('d', 7, 3)).toBe(500)
    expect(receipts.timeOf('d', 7, 6)).toBeUndefined()
  })

  it('[RECEIPT-2] counts what was read as delivered', () => {
    const receipts = new Receipts()
    receipts.add('r/7/3', 300)
    expect(receipts.watermark('d', 7)).toBe(3)
    expect(receipts.timeOf('d', 7, 2)).toBe(300)
  })

  it('says nothing about another writer of the same person', () => {
    const receipts = new Receipts()
    receipts.add('r/7/3', 300)
    expect(receipts.watermark('r', 8)).toBe(0)
  })

  it('ignores keys and values that are none', () => {
    const receipts = new Receipts()
    for (const key of ['d/7/0', 'd/07/1', 'x/7/1', 'd/7', 'd/7/1/2', 'd/-7/1', `d/${2 ** 40}/1`])
      receipts.add(key, 1)
    receipts.add('d/7/1', 'yesterday')
    expect(receipts.watermark('d', 7)).toBe(0)
    expect(receipts.watermark('d', 2 ** 40)).toBe(0)
  })

  it(
    'costs no more the more there are, in whatever order they come',
    () => {
      const receipts = new Receipts()
      for (let n = 300_000; n > 0; n--) receipts.add(`d/7/${n}`, n)
      expect(receipts.timeOf('d', 7, 4_711)).toBe(4_711)
    },
    SLOW,
  )

  it('keys round-trip', () => {
    const key = { kind: 'r', writer: 2 ** 40 - 1, n: 2 ** 31 - 1 } as const
    expect(readReceiptKey(writeReceiptKey(key))).toEqual(key)
  })
})

describe('statusOf', () => {
  const with_ = (...keys: string[]) => {
    const receipts = new Receipts()
    for (const key of keys) receipts.add(key, 1)
    return receipts
  }

  it('[STATUS-1] goes from waiting over stored and delivered to read', () => {
    expect(statusOf(7, 2, false, [with_()])).toBe('waiting')
    expect(statusOf(7, 2, true, [with_('d/7/1')])).toBe('stored')
    expect(statusOf(7, 2, true, [with_('d/7/2')])).toBe('delivered')
    expect(statusOf(7, 2, true, [with_('r/7/2')])).toBe('read')
  })

  it('[STATUS-2] is the smallest over all other members', () => {
    expect(statusOf(7, 1, true, [with_('r/7/1'), with_('d/7/1')])).toBe('delivered')
    expect(statusOf(7, 1, true, [with_('r/7/1'), with_()])).toBe('stored')
  })

  it('is not read by nobody', () => {
    expect(statusOf(7, 1, true, [])).toBe('stored')
  })
})
