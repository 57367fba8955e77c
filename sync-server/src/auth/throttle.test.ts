import { beforeEach, describe, expect, it } from 'vitest'
import { Throttle } from './throttle.ts'

const limits = { pair: 3, account: 6, address: 9, drain: 9_000, buckets: 100 }
let time = 0
const elapsed = (): number => time
beforeEach(() => {
  time = 1_000_000
})

const fail = (throttle: Throttle, times: number, account: string, address: string): void => {
  for (let i = 0; i < times; i++) throttle.failed(account, address)
}

describe('Throttle', () => {
  it('never counts a success', () => {
    const throttle = new Throttle(elapsed, limits)
    for (let i = 0; i < 500; i++) {
      expect(throttle.wait('pat', '127.0.0.1')).toBe(0)
      throttle.succeeded('pat', '127.0.0.1')
    }
    expect(throttle.size).toBe(0)
  })

  it('refuses a guesser until a drop has leaked', () => {
    const throttle = new Throttle(elapsed, limits)
    fail(throttle, 3, 'pat', '10.0.0.1')
    expect(throttle.wait('pat', '10.0.0.1')).toBe(3)
    time += 2_000
    expect(throttle.wait('pat', '10.0.0.1')).toBe(1)
    time += 1_000
    expect(throttle.wait('pat', '10.0.0.1')).toBe(0)
    throttle.failed('pat', '10.0.0.1')
    expect(throttle.wait('pat', '10.0.0.1')).toBe(3)
  })

  it('lets the person in from elsewhere, and others from the same address', () => {
    const throttle = new Throttle(elapsed, limits)
    fail(throttle, 3, 'pat', '10.0.0.1')
    expect(throttle.wait('pat', '10.0.0.2')).toBe(0)
    expect(throttle.wait('sam', '10.0.0.1')).toBe(0)
  })

  it('refuses an account that is guessed at from many addresses', () => {
    const throttle = new Throttle(elapsed, limits)
    for (let i = 0; i < 6; i++) throttle.failed('pat', `10.0.0.${i}`)
    expect(throttle.wait('pat', '10.0.0.99')).toBeGreaterThan(0)
  })

  it('refuses an address that guesses at many accounts, whoever signs in between', () => {
    const throttle = new Throttle(elapsed, limits)
    for (let i = 0; i < 9; i++) throttle.failed(`user-${i}`, '10.0.0.1')
    throttle.succeeded('own', '10.0.0.1')
    for (let i = 0; i < 9; i++) expect(throttle.wait(`user-${i}`, '10.0.0.1')).toBeGreaterThan(0)
    // Nobody has tried this one: it may be anybody of a whole clinic. Once, and not again.
    expect(throttle.wait('pat', '10.0.0.1')).toBe(0)
    throttle.failed('pat', '10.0.0.1')
    expect(throttle.wait('pat', '10.0.0.1')).toBe(3)
  })

  it('refuses nobody where they have signed in before, whoever guesses at what', () => {
    const throttle = new Throttle(elapsed, limits)
    throttle.succeeded('pat', '10.0.0.1')
    for (let i = 0; i < 9; i++) throttle.failed('pat', `10.1.0.${i}`)
    expect(throttle.wait('pat', '10.2.0.1')).toBeGreaterThan(0)
    for (let i = 0; i < 9; i++) throttle.failed(`user-${i}`, '10.0.0.1')
    expect(throttle.wait('pat', '10.0.0.1')).toBe(0)
    fail(throttle, 3, 'pat', '10.0.0.1')
    expect(throttle.wait('pat', '10.0.0.1')).toBe(3)
  })

  it('takes an IPv6 network for one address', () => {
    const throttle = new Throttle(elapsed, limits)
    for (let i = 0; i < 9; i++) throttle.failed(`user-${i}`, `2001:db8:1:2:${i}::1`)
    expect(throttle.wait('user-0', '2001:db8:1:2::7')).toBeGreaterThan(0)
    expect(throttle.wait('user-0', '2001:db8:1:3::7')).toBe(0)
    expect(throttle.wait('user-0', '::1')).toBe(0)
  })

  it('forgets after a success what the pair did', () => {
    const throttle = new Throttle(elapsed, limits)
    fail(throttle, 2, 'pat', '10.0.0.1')
    throttle.succeeded('pat', '10.0.0.1')
    fail(throttle, 2, 'pat', '10.0.0.1')
    expect(throttle.wait('pat', '10.0.0.1')).toBe(0)
  })

  it('keeps a bounded number of buckets', () => {
    const throttle = new Throttle(elapsed, limits)
    for (let i = 0; i < 1000; i++) throttle.failed(`user-${i}`, `10.0.${i >> 8}.${i & 255}`)
    expect(throttle.size).toBe(100)
  })
})
