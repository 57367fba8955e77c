import { expect, it } from 'vitest'
import { Signal } from './signal.ts'

it('tells each who listens, at once and in their order', () => {
  const signal = new Signal<[string, number]>()
  const heard: string[] = []
  signal.on((what, times) => heard.push(`first ${what} ${times}`))
  signal.on((what) => heard.push(`second ${what}`))
  signal.emit('a', 1)
  expect(heard).toEqual(['first a 1', 'second a'])
})
