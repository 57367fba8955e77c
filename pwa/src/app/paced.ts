/** Draws what changed at once, and while much changes as seldom as leaves the device its time. */
import type { Timers } from '@wardline/core/client/model/ports'

/** Of the time that it takes, how many times as long it waits before the next. */
const REST = 3
/** Longest wait, ms. */
const LONGEST = 250

/** @param draw shows what is; what it makes others do in the same turn counts as well */
export const paced = (draw: () => void, timers: Pick<Timers, 'elapsed' | 'after'>) => {
  let state: 'still' | 'resting' | 'due' = 'still'
  const run = (): void => {
    state = 'resting'
    const start = timers.elapsed()
    draw()
    timers.after(0, () => {
      const pause = Math.min((timers.elapsed() - start) * REST, LONGEST)
      timers.after(pause, () => {
        if (state === 'due') run()
        else state = 'still'
      })
    })
  }
  return (): void => {
    if (state === 'still') run()
    else state = 'due'
  }
}
