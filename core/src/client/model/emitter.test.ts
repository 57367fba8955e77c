import { expect, it } from 'vitest'
import { Emitter } from './emitter.ts'

const turn = (): Promise<void> => Promise.resolve()

it('tells of many changes in one go once, and of none after its end', async () => {
  const emitter = new Emitter()
  let calls = 0
  const stop = emitter.subscribe(() => calls++)
  for (let i = 0; i < 3; i++) emitter.changed()
  expect(calls).toBe(0)
  await turn()
  expect(calls).toBe(1)
  emitter.changed()
  await turn()
  expect(calls).toBe(2)
  stop()
  emitter.changed()
  await turn()
  emitter.close()
  emitter.changed()
  await turn()
  expect(calls).toBe(2)
})

it('paced, it tells of the first change at once and of those that follow it together', async () => {
  let now = 1000
  let due: { at: number; run(): void } | undefined
  const timers = {
    elapsed: () => now,
    after: (ms: number, run: () => void) => {
      due = { at: now + ms, run }
      return () => {
        due = undefined
      }
    },
  }
  const emitter = new Emitter(timers)
  const calls: number[] = []
  emitter.subscribe(() => calls.push(now))
  emitter.changed()
  await turn()
  for (now = 1004; now < 1012; now++) {
    emitter.changed()
    await turn()
  }
  expect(calls).toEqual([1000])
  let told = false
  const telling = emitter.told().then(() => {
    told = true
  })
  await turn()
  expect(told).toBe(false)
  now = due?.at ?? 0
  due?.run()
  expect(calls).toEqual([1000, 1016])
  await telling
  await emitter.told()
  // After a rest the next one comes at once again; after its end, none.
  now = 2000
  emitter.changed()
  await turn()
  expect(calls).toEqual([1000, 1016, 2000])
  emitter.changed()
  emitter.close()
  expect(due).toBeUndefined()
})
