import { describe, expect, it } from 'vitest'
import {
  CHALLENGE_LIFETIME,
  Challenges,
  MAX_CHALLENGES,
  MAX_NETWORK_CHALLENGES,
} from './challenges.ts'

describe('challenges', () => {
  it('are good once, for what they were given out', () => {
    const challenges = new Challenges(() => 0)
    const one = challenges.give('sign-in', '10.0.0.1')
    expect(challenges.take(one, 'sign-in')).toBe(true)
    expect(challenges.take(one, 'sign-in')).toBe(false)
    const other = challenges.give('sign-in', '10.0.0.1')
    expect(challenges.take(other, 'add pat')).toBe(false)
    expect(challenges.take(other, 'sign-in')).toBe(false)
    expect(challenges.take('made up', 'sign-in')).toBe(false)
  })

  it('are good for five minutes', () => {
    let elapsed = 0
    const challenges = new Challenges(() => elapsed)
    const [early, late] = [challenges.give('a', '10.0.0.1'), challenges.give('a', '10.0.0.1')]
    elapsed = CHALLENGE_LIFETIME - 1
    expect(challenges.take(early, 'a')).toBe(true)
    elapsed = CHALLENGE_LIFETIME
    expect(challenges.take(late, 'a')).toBe(false)
  })

  it('are so many of a network and no more, whatever others ask', () => {
    const challenges = new Challenges(() => 0)
    const mine = challenges.give('a', '10.0.0.1')
    const first = challenges.give('a', '10.0.0.2')
    for (let i = 0; i < MAX_NETWORK_CHALLENGES; i++) challenges.give('a', '10.0.0.2')
    expect(challenges.size).toBe(MAX_NETWORK_CHALLENGES + 1)
    expect(challenges.take(first, 'a')).toBe(false)
    expect(challenges.take(mine, 'a')).toBe(true)
  })

  it('are so many in all and no more', () => {
    const challenges = new Challenges(() => 0)
    for (let i = 0; i < MAX_CHALLENGES + 100; i++) challenges.give('a', `10.0.${i >> 8}.${i & 255}`)
    expect(challenges.size).toBe(MAX_CHALLENGES)
  })
})
