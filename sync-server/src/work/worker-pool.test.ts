import { expect, it } from 'vitest'
import { settle, TestTimers } from '../base/test-timers.ts'
import type { Updates } from '../storage/merge.ts'
import type { JobName } from './jobs.ts'
import { pack, SLICE, unpack } from './packed.ts'
import {
  type JobRunner,
  MAX_JOBS_WAITING,
  openWorkerPool,
  PooledExecutor,
  SERVER,
  WorkRefused,
} from './worker-pool.ts'

/** A runner whose jobs end when the test says so. */
class TestRunner implements JobRunner {
  readonly era = 0
  readonly done: number[] = []
  #end: ((value: unknown) => void) | undefined

  run(_name: JobName, updates: Updates): Promise<unknown> {
    this.done.push(updates[0]?.[0] ?? 0)
    return new Promise((resolve) => {
      this.#end = resolve
    })
  }

  async end(): Promise<void> {
    this.#end?.(new Uint8Array())
    await settle()
  }
}

const open = () => {
  const timers = new TestTimers()
  const runner = new TestRunner()
  const beside = new PooledExecutor([runner], timers)
  /** What was read, in its order. */
  const read: number[] = []
  const run = (who: string, name: number) =>
    beside.run(who, 'chat/x', 'stateVector', async () => {
      read.push(name)
      return { updates: [Uint8Array.of(name)], args: [] as const }
    })
  return { timers, runner, read, run }
}

it('one after the other, people in turn, and what waits is not read', async () => {
  const { runner, read, run } = open()
  for (let i = 1; i <= 60; i++) void run('pat', i)
  void run('ada', 100)
  void run('ben', 101)
  await settle()
  expect(read).toEqual([1])
  for (let i = 0; i < 4; i++) await runner.end()
  expect(runner.done).toEqual([1, 2, 100, 101, 3])
})

it('who had long work done waits as long, and others do not; nor does the server', async () => {
  const { timers, runner, run } = open()
  void run('pat', 1)
  await settle()
  await timers.advance(1_000)
  await runner.end()
  void run('pat', 2)
  void run(SERVER, 50)
  await settle()
  expect(runner.done).toEqual([1, 50])
  await runner.end()
  void run('ada', 60)
  await settle()
  await runner.end()
  expect(runner.done).toEqual([1, 50, 60])
  await timers.advance(999)
  expect(runner.done).toEqual([1, 50, 60])
  await timers.advance(1)
  expect(runner.done).toEqual([1, 50, 60, 2])
})

it('refuses work of who has most waiting, when too much does', async () => {
  const { runner, run } = open()
  const flood = Array.from({ length: MAX_JOBS_WAITING + 2 }, (_, i) =>
    run('pat', i).then(
      () => 'done',
      (error: unknown) => error,
    ),
  )
  await settle()
  const honest = run('ada', 77)
  expect(await flood.at(-1)).toBeInstanceOf(WorkRefused)
  expect(await flood.at(-2)).toBeInstanceOf(WorkRefused)
  await runner.end()
  await runner.end()
  await runner.end()
  expect(await honest).toEqual(new Uint8Array())
})

it('a job that fails lets the next one begin', async () => {
  const { runner, run } = open()
  void run('pat', 1)
  await settle()
  const { beside } = { beside: new PooledExecutor([runner]) }
  await runner.end()
  const failing = beside.run('pat', 'chat/x', 'stateVector', () =>
    Promise.reject(new Error('not to be read')),
  )
  await expect(failing).rejects.toThrow('not to be read')
  void run('pat', 2)
  await settle()
  expect(runner.done).toEqual([1, 2])
})

it('copies what a thread gets in slices, and others are served between them', async () => {
  const updates = [new Uint8Array(3 * SLICE + 5).fill(1), new Uint8Array(7).fill(2)]
  let rests = 0
  const packed = await pack(updates, async () => void rests++)
  expect(rests).toBe(3)
  const same = unpack(packed).map((update, i) => Buffer.compare(update, updates[i]!))
  expect(same).toEqual([0, 0])
  expect(unpack(await pack([]))).toEqual([])
})

it('without a thread that could be run everything is done in place', async () => {
  const workers = openWorkerPool(new URL('./no-such-file.js', import.meta.url))
  const vector = await workers.at(2 ** 30).run('pat', 'chat/x', 'stateVector', async () => ({
    updates: [],
    args: [] as const,
  }))
  expect(vector).toEqual(Uint8Array.of(0))
  await workers.stop()
})
