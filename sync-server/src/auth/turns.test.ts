import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('runs a few at a time, in order, and turns away what is too much', async () => {
  const turns = new Turns({ concurrency: 2, maxWaiting: 1 })
  const started: number[] = []
  const finish: (() => void)[] = []
  const job = (n: number) => async (): Promise<number> => {
    started.push(n)
    await new Promise<void>((resolve) => finish.push(resolve))
    return n
  }
  const runs = [turns.run(job(1)), turns.run(job(2)), turns.run(job(3))]
  expect(await turns.run(job(4))).toBeUndefined()
  expect(started).toEqual([1, 2])
  finish[0]?.()
  expect(await runs[0]).toBe(1)
  await Promise.resolve()
  expect(started).toEqual([1, 2, 3])
  finish[1]?.()
  finish[2]?.()
  expect(await Promise.all(runs)).toEqual([1, 2, 3])
})

it('gives the turn on after a failure', async () => {
  const turns = new Turns({ concurrency: 1, maxWaiting: 1 })
  const failing = turns.run(() => Promise.reject(new Error('no')))
  const next = turns.run(async () => 'yes')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
  expect(await turns.run(async () => 'again')).toBe('again')
})
