import { describe, expect, it } from 'vitest'
import { HybridClock } from './hybrid-clock.ts'

describe('HybridClock', () => {
  const at = (start: number, floor = 0) => {
    const device = { now: start }
    return { device, clock: new HybridClock(() => device.now, floor) }
  }

  it('never ticks twice the same', () => {
    const { clock } = at(1_000)
    expect([clock.tick(), clock.tick(), clock.tick()]).toEqual([1_000, 1_001, 1_002])
  })

  it('dates an answer after its question', () => {
    const { clock } = at(1_000)
    clock.observe(1_500)
    expect(clock.tick()).toBe(1_501)
  })

  it('follows a clock that is far ahead only by a minute', () => {
    const { clock } = at(1_000)
    clock.observe(1_000 + 86_400_000)
    expect(clock.tick()).toBe(61_001)
  })

  it('is corrected by the server, also back from a future that it dated things in', () => {
    const { device, clock } = at(5_000_000)
    clock.tick()
    clock.correct(1_000_000, 5_000_000)
    expect(clock.tick()).toBe(1_000_001)
    device.now += 500
    expect(clock.tick()).toBe(1_000_500)
  })

  it('keeps a good clock over a slow network', () => {
    const { device, clock } = at(1_000_000)
    device.now += 3_000
    clock.correct(1_000_100, 1_000_000)
    expect(clock.offset).toBe(0)
  })

  it('takes the middle of what a slow answer allows, and does better with a quick one', () => {
    const { device, clock } = at(1_000_000)
    device.now += 2_000
    clock.correct(1_501_000, 1_000_000)
    expect(clock.offset).toBe(500_000)
    const asked = device.now
    device.now += 10
    clock.correct(asked + 500_905, asked)
    expect(clock.offset).toBe(500_900)
  })

  it('is not confused by a device whose clock is set back while it asks', () => {
    const { device, clock } = at(1_000_000)
    device.now -= 600_000
    clock.correct(1_000_010, 1_000_000)
    expect(clock.now()).toBe(1_000_010)
  })

  it('does not go behind a time that is known to have passed', () => {
    const { clock } = at(0, 1_000)
    expect(clock.tick()).toBe(1_001)
  })
})
