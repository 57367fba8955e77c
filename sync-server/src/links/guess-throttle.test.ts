import { describe, expect, it } from 'vitest'
import { GuessThrottle, MAX_GUESSES, MAX_NETWORK_GUESSES } from './guess-throttle.ts'

const MINUTE = 60_000

describe('guessing at codes', () => {
  it('ends for a network after some failures, and goes on as slowly', () => {
    let elapsed = 0
    const throttle = new GuessThrottle(() => elapsed)
    for (let i = 0; i < MAX_NETWORK_GUESSES; i++) {
      expect(throttle.wait('10.0.0.1')).toBe(0)
      throttle.failed('10.0.0.1')
    }
    expect(throttle.wait('10.0.0.1')).toBeGreaterThan(0)
    expect(throttle.wait('10.0.0.2')).toBe(0)
    elapsed = 15 * MINUTE
    let more = 0
    while (throttle.wait('10.0.0.1') === 0) {
      throttle.failed('10.0.0.1')
      more++
    }
    expect(more).toBe(MAX_NETWORK_GUESSES)
  })

  it('makes nobody wait longer for trying all the same', () => {
    const throttle = new GuessThrottle(() => 0)
    for (let i = 0; i < 1000; i++) throttle.failed('10.0.0.1')
    expect(throttle.wait('10.0.0.1')).toBeLessThanOrEqual(31)
  })

  it('is hopeless from however many networks', () => {
    let elapsed = 0
    const throttle = new GuessThrottle(() => elapsed)
    let guesses = 0
    // For as long as a code is good, from another network each time.
    for (; elapsed < 30 * MINUTE; elapsed += 100) {
      const address = `10.${guesses >> 16}.${(guesses >> 8) & 255}.${guesses & 255}`
      if (throttle.wait(address) > 0) continue
      throttle.failed(address)
      guesses++
    }
    expect(guesses).toBeLessThanOrEqual(3 * MAX_GUESSES)
    // A thousand codes that are open at once are found with less than one chance in 80,000.
    expect((guesses * 1000) / 29 ** 8).toBeLessThan(1 / 80_000)
  })
})
