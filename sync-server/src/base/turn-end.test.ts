import { expect, it } from 'vitest'
import { TurnEnd } from './turn-end.ts'

it('flushes what was added when the work of the moment is done, then what that added', async () => {
  const turn = new TurnEnd()
  const flushed: string[] = []
  const second = { flush: () => flushed.push('second') }
  turn.add({
    flush: () => {
      flushed.push('first')
      turn.add({ flush: () => flushed.push('last') })
    },
  })
  turn.add(second)
  expect(flushed).toEqual([])
  await new Promise(setImmediate)
  expect(flushed).toEqual(['first', 'second', 'last'])
})
