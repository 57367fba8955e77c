import { chatDoc, directChatId, parseUserId } from '@wardline/core/base/ids'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { IdbConnection } from './idb-connection.ts'
import { IdbReadQueue, type RawDoc } from './idb-read-queue.ts'

const doctor = parseUserId('dr-ada')!
const docs = ['a', 'b', 'c'].map((name) =>
  chatDoc(directChatId(parseUserId(`pat-${name}`)!, doctor)),
)
const [a, b, c] = docs as [(typeof docs)[0], (typeof docs)[0], (typeof docs)[0]]

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A database in which each transaction is answered when the test says so. */
const start = () => {
  const answers: ((raw: RawDoc[]) => void)[] = []
  const run = () => new Promise<RawDoc[]>((answer) => answers.push(answer))
  return { answers, queue: new IdbReadQueue({ run } as unknown as IdbConnection) }
}
const raw = (name: string): RawDoc => [name, []]

it('a read that does not answer holds up those that come later for a moment, and not until it ends', async () => {
  const { answers, queue } = start()
  const hung = queue.read(a)
  await vi.advanceTimersByTimeAsync(0)
  const later = [queue.read(b), queue.read(c)]
  await vi.advanceTimersByTimeAsync(499)
  expect(answers.length).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(answers.length).toBe(2)
  answers[1]!([raw('b'), raw('c')])
  expect(await Promise.all(later)).toEqual([raw('b'), raw('c')])
  let settled = false
  void queue.settled().then(() => {
    settled = true
  })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(settled).toBe(false)
  answers[0]!([raw('a')])
  expect(await hung).toEqual(raw('a'))
  await vi.advanceTimersByTimeAsync(0)
  expect(settled).toBe(true)
})

it('reads that are asked for while others are under way share the next transaction', async () => {
  const { answers, queue } = start()
  const first = queue.read(a)
  await vi.advanceTimersByTimeAsync(0)
  const next = [queue.read(b), queue.read(c)]
  answers[0]!([raw('a')])
  expect(await first).toEqual(raw('a'))
  await vi.advanceTimersByTimeAsync(0)
  expect(answers.length).toBe(2)
  answers[1]!([raw('b'), raw('c')])
  expect(await Promise.all(next)).toEqual([raw('b'), raw('c')])
  await queue.settled()
  expect(vi.getTimerCount()).toBe(0)
})
