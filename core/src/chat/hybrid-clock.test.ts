import { describe, expect, it } from 'vitest'
import { HybridClock } from './hybrid-clock.ts'

describe('HybridClock', () => {
  const at = (start: number, floor = 0) => {
    const device = { now: start, elapsed: 0 }
    const pass = (ms: number): void => {
      device.now += ms
      device.elapsed += ms
    }
    const clock = new HybridClock({ now: () => device.now, elapsed: () => device.elapsed }, floor)
    return { device, pass, clock }
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
    const { pass, clock } = at(5_000_000)
    clock.tick()
    clock.correct(1_000_000, 0)
    expect(clock.tick()).toBe(1_000_001)
    pass(500)
    expect(clock.tick()).toBe(1_000_500)
  })

  it('keeps a good clock over a slow network', () => {
    const { pass, clock } = at(1_000_000)
    pass(3_000)
    clock.correct(1_000_100, 3_000)
    expect(clock.offset).toBe(0)
  })

  it('takes the middle of what a slow answer allows, and does better with a quick one', () => {
    const { device, pass, clock } = at(1_000_000)
    pass(2_000)
    clock.correct(1_501_000, 2_000)
    expect(clock.offset).toBe(500_000)
    const asked = device.now
    pass(10)
    clock.correct(asked + 500_905, 10)
    expect(clock.offset).toBe(500_900)
  })

  it('is not confused by a device whose clock is set back while it asks', () => {
    const { device, clock } = at(1_000_000)
    device.now -= 600_000
    clock.correct(1_000_010, 0)
    expect(clock.now()).toBe(1_000_010)
  })

  it('goes on as before when the device’s clock is set back', () => {
    const { device, pass, clock } = at(1_000_000)
    clock.correct(3_000_000, 0)
    pass(100)
    device.now -= 600_000
    pass(100)
    expect(clock.now()).toBe(3_000_200)
  })

  it('does not take a sleep for a clock that is wrong', () => {
    const { device, pass, clock } = at(1_000_000)
    clock.correct(3_000_000, 0)
    device.now += 3_600_000
    pass(100)
    expect(clock.now()).toBe(6_600_100)
  })

  it('does not go behind a time that is known to have passed', () => {
    const { clock } = at(0, 1_000)
    expect(clock.tick()).toBe(1_001)
  })
})
