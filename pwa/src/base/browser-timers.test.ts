import { expect, it } from 'vitest'
import { browserTimers } from './browser-timers.ts'

it('lets what is under way go first, and calls nothing that was cancelled', async () => {
  const order: string[] = []
  const next = new Promise<void>((resolve) => {
    browserTimers.after(0, () => order.push('cancelled'))()
    browserTimers.after(0, () => {
      order.push('next')
      resolve()
    })
    void Promise.resolve().then(() => order.push('turn'))
  })
  await next
  expect(order).toEqual(['turn', 'next'])
})
