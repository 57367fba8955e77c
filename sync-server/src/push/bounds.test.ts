/** What is remembered of chats and people until they are told is bounded. */
import { expect, it } from 'vitest'
import { TestTimers } from '../base/test-timers.ts'
import { Pacer } from './pacer.ts'
import { UnheardConnections } from './unheard-connections.ts'

it('paces so many keys and no more, and again when there is room', async () => {
  const timers = new TestTimers()
  const pacer = new Pacer(timers, 1_000, 2)
  const ran: string[] = []
  const run = (key: string) => pacer.run(key, () => ran.push(key))
  expect(['a', 'b', 'c', 'a'].map(run)).toEqual([true, true, false, true])
  expect(ran).toEqual(['a', 'b'])
  await timers.advance(1_000)
  expect(ran).toEqual(['a', 'b', 'a'])
  expect(run('c')).toBe(true)
  pacer.stop()
})

it('doubts so many and no more, and believes the others', async () => {
  const timers = new TestTimers()
  const unheard = new UnheardConnections(timers, 1_000, 2)
  const unanswered: string[] = []
  const at = timers.now()
  for (const key of ['a', 'b', 'c'])
    unheard.watch(key, [{ heardAt: 0 }], at, () => unanswered.push(key))
  await timers.advance(1_000)
  expect(unanswered).toEqual(['a', 'b'])
})
