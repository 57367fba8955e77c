import { EventEmitter } from 'node:events'
import { parseUserId } from '@wardline/core/base/ids'
import type { Response } from 'express'
import { expect, it } from 'vitest'
import { AtOnce } from './at-once.ts'

class Answer extends EventEmitter {
  closed = false
  end(): void {
    this.closed = true
    this.emit('close')
  }
}

it('lets so many requests of a person be in work, until their answers were taken in', async () => {
  const atOnce = new AtOnce(2)
  const pat = parseUserId('pat-morgan')!
  const ada = parseUserId('dr-ada')!
  const began: string[] = []
  const ask = (user: typeof pat, name: string): Answer => {
    const answer = new Answer()
    void atOnce.turn(user, answer as unknown as Response).then((may) => {
      began.push(may ? name : `${name} is gone`)
    })
    return answer
  }
  const [first] = ['1', '2', '3', '4'].map((name) => ask(pat, name))
  const gone = ask(pat, '5')
  ask(ada, 'hers')
  await new Promise(setImmediate)
  expect(began).toEqual(['1', '2', 'hers'])
  gone.closed = true
  first!.end()
  await new Promise(setImmediate)
  expect(began).toEqual(['1', '2', 'hers', '3'])
})
