import type { ConnectionView } from '@wardline/core/client/model/views'
import { expect, test } from 'vitest'
import { bannerText, startBanner, stepBanner, truthful } from './banner-state.ts'

const live: ConnectionView = { phase: 'live' }
const offline: ConnectionView = { phase: 'offline' }
const connecting: ConnectionView = { phase: 'connecting' }
const syncing = (behind: number): ConnectionView => ({ phase: 'syncing', behind })

/** Plays connections at times and tells the banner at each, plus at the wake-ups between. */
const play = (
  steps: readonly [at: number, connection: ConnectionView, waiting?: number][],
): string[] => {
  const [first, ...rest] = steps
  if (first === undefined) return []
  let state = startBanner(first[1], first[2] ?? 0, first[0])
  const seen = [state.banner.kind as string]
  const note = () => {
    if (seen.at(-1) !== state.banner.kind) seen.push(state.banner.kind)
  }
  for (const [at, connection, waiting = 0] of rest) {
    while (state.wakeAt !== null && state.wakeAt <= at) {
      state = stepBanner(state, state.connection, state.waiting, state.wakeAt)
      note()
    }
    state = stepBanner(state, connection, waiting, at)
    note()
  }
  return seen
}

test('a quick start shows nothing at all', () => {
  expect(
    play([
      [0, connecting],
      [900, syncing(4)],
      [2500, live],
      [9000, live],
    ]),
  ).toEqual(['none'])
})

test('a slow start shows itself after 3 s, and its end for 2 s', () => {
  expect(
    play([
      [0, connecting],
      [2999, connecting],
      [5000, syncing(12)],
      [6000, live],
      [7999, live],
      [8000, live],
    ]),
  ).toEqual(['none', 'connecting', 'syncing', 'done', 'none'])
})

test('offline shows at once, and a retry does not make it blink', () => {
  expect(
    play([
      [0, live],
      [100, offline],
      [1000, connecting],
      [3500, offline],
      [4000, connecting],
      [4400, live],
      [6400, live],
    ]),
  ).toEqual(['none', 'offline', 'done', 'none'])
})

test('offline shows though attempts fail faster than anybody could see', () => {
  expect(
    play([
      [0, live],
      [100, offline],
      [400, connecting],
      [450, offline],
      [699, connecting],
      [700, offline],
    ]),
  ).toEqual(['none', 'offline'])
})

test('a change of network within the grace shows nothing', () => {
  expect(
    play([
      [0, live],
      [100, offline],
      [500, connecting],
      [900, live],
      [9000, live],
    ]),
  ).toEqual(['none'])
})

test('a session that ended says so at once', () => {
  expect(
    play([
      [0, live],
      [10, { phase: 'signed-out' }],
      [20, connecting],
      [400, live],
    ]),
  ).toEqual(['none', 'signed-out', 'none'])
})

test('a long catch-up on a quick connection shows after 3 s of not being live', () => {
  expect(
    play([
      [0, live],
      [100, connecting],
      [1100, syncing(40)],
      [3099, syncing(9)],
      [3100, syncing(8)],
    ]),
  ).toEqual(['none', 'syncing'])
})

test('up to date waits for the ticks of one’s own messages', () => {
  expect(
    play([
      [0, offline, 2],
      [1000, connecting, 2],
      [1400, live, 2],
      [1558, live, 0],
      [3557, live, 0],
      [3558, live, 0],
    ]),
  ).toEqual(['none', 'offline', 'syncing', 'done', 'none'])
})

test('a message that waits while all is well shows nothing, and takes the word back', () => {
  expect(
    play([
      [0, live],
      [100, live, 1],
      [9000, live, 1],
    ]),
  ).toEqual(['none'])
  expect(
    play([
      [0, offline],
      [1000, live],
      [1200, live, 1],
      [1300, live],
      [9000, live],
    ]),
  ).toEqual(['none', 'offline', 'done', 'none'])
})

test('up to date is never said of what is not, whatever happens in whatever order', () => {
  const phases = [live, offline, connecting, syncing(3), { phase: 'signed-out' } as const]
  for (let seed = 1; seed <= 300; seed++) {
    let last = seed
    const below = (n: number): number => {
      last = (last * 48_271) % 2_147_483_647
      return last % n
    }
    let now = 0
    let state = startBanner(phases[below(5)] ?? live, below(2), now)
    for (let step = 0; step < 60; step++) {
      const kept = state.banner
      now += below(2_500)
      const connection = below(2) === 0 ? state.connection : (phases[below(5)] ?? live)
      state = stepBanner(state, connection, below(3) === 0 ? state.waiting : below(3), now)
      const isSo = state.connection.phase === 'live' && state.waiting === 0
      if (state.banner.kind === 'done') expect(isSo, `seed ${seed}`).toBe(true)
      // One that a press holds on the screen.
      if (truthful(kept, state.connection, state.waiting).kind === 'done')
        expect(isSo, `seed ${seed}`).toBe(true)
    }
  }
})

test('words', () => {
  expect(bannerText({ kind: 'offline' }, 0, true)).toBe(
    'Offline. Messages are saved on this device and send when you reconnect.',
  )
  expect(bannerText({ kind: 'offline' }, 3, false)).toMatch(/^Offline\./)
  expect(bannerText({ kind: 'offline' }, 3, true)).toBe(
    '3 not sent. Open the app when you have signal.',
  )
  expect(bannerText({ kind: 'syncing', behind: 12 }, 0, false)).toBe('Syncing 12…')
})
