import { beforeEach, expect, it } from 'vitest'
import type { UserId } from '../../base/ids.ts'
import { writeServerFrame } from '../../protocol/frames.ts'
import type { SocketEvents } from '../model/ports.ts'
import { Connector } from './connector.ts'

/** Sockets that were dialled, newest last. */
let sockets: { events: SocketEvents; closed: boolean }[]
let pings: number
/** Of 255: how much of a wait is waited. */
let chance: number
let now: number
let due: Set<{ at: number; callback: () => void }>

/** Lets time pass, calling back what falls due, in order. */
const pass = async (ms: number): Promise<void> => {
  const end = now + ms
  for (;;) {
    // The token comes as a promise.
    for (let turns = 0; turns < 5; turns++) await null
    const [next] = [...due].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
    if (next === undefined) break
    due.delete(next)
    now = next.at
    next.callback()
  }
  now = end
}

const start = (): Connector => {
  const connector = new Connector({
    dial: (events) => {
      const socket = { events, closed: false }
      sockets.push(socket)
      return {
        send: () => {},
        close: () => {
          socket.closed = true
        },
      }
    },
    getToken: async () => ({ kind: 'token', token: 't', expiresAt: now + 600_000 }),
    timers: {
      now: () => now,
      elapsed: () => now,
      after: (ms, callback) => {
        const one = { at: now + ms, callback }
        due.add(one)
        return () => due.delete(one)
      },
    },
    random: (length) => new Uint8Array(length).fill(chance),
    events: {
      opened: () => {},
      frame: () => {},
      closed: () => {},
      ping: () => {
        pings++
      },
      renew: () => {},
      changed: () => {},
    },
  })
  connector.start()
  return connector
}

beforeEach(() => {
  sockets = []
  pings = 0
  chance = 0
  now = 0
  due = new Set()
})

const pong = new Uint8Array([10])

it('finds out soon that nobody answers what was sent', async () => {
  const connector = start()
  await pass(0)
  sockets[0]?.events.opened()
  // An answer that came before says nothing about what goes out after it.
  connector.expectAnswer()
  sockets[0]?.events.received(pong)
  await pass(1_000)
  connector.expectAnswer()
  await pass(4_999)
  expect(pings).toBe(0)
  await pass(1)
  expect(pings).toBe(1)
  await pass(2_500)
  expect(sockets[0]?.closed).toBe(true)
  await pass(50)
  expect(sockets.length).toBe(2)
  connector.stop()
})

it('does not probe a server that says anything at all', async () => {
  const connector = start()
  await pass(0)
  sockets[0]?.events.opened()
  await pass(1_000)
  connector.expectAnswer()
  await pass(1_000)
  sockets[0]?.events.received(pong)
  await pass(10_000)
  expect(pings).toBe(0)
  expect(connector.phase).toBe('open')
  connector.stop()
})

/** How long a socket that nobody answers on is taken for good, ms. */
const silence = async (connector: Connector): Promise<number> => {
  const since = now
  while (connector.phase === 'open' && now - since < 120_000) await pass(100)
  return now - since
}

it('notices a silence within ten seconds while somebody looks, whenever it begins', async () => {
  for (const begins of [0, 1_000, 5_900, 6_100, 20_000, 61_000]) {
    const connector = start()
    connector.attend(true)
    await pass(0)
    sockets.at(-1)?.events.opened()
    for (let passed = 0; passed < begins; passed += 100) {
      const asked = pings
      await pass(100)
      if (pings > asked) sockets.at(-1)?.events.received(pong)
    }
    sockets.at(-1)?.events.received(pong)
    expect(await silence(connector)).toBeLessThanOrEqual(9_100)
    connector.stop()
  }
})

it('asks seldom while nobody looks, and at once when somebody does', async () => {
  const connector = start()
  await pass(0)
  sockets.at(-1)?.events.opened()
  await pass(24_000)
  expect(pings).toBe(0)
  connector.attend(true)
  expect(pings).toBe(1)
  expect(await silence(connector)).toBeLessThanOrEqual(3_100)
  connector.stop()
})

it('notices it within the heartbeat and its answer while nobody looks', async () => {
  const connector = start()
  await pass(0)
  sockets.at(-1)?.events.opened()
  await pass(1_000)
  sockets.at(-1)?.events.received(pong)
  expect(await silence(connector)).toBeLessThanOrEqual(35_100)
  connector.stop()
})

it('has more patience where answers take long', async () => {
  const connector = start()
  connector.attend(true)
  await pass(0)
  sockets.at(-1)?.events.opened()
  for (let round = 0; round < 20; round++) {
    while (pings === round) await pass(100)
    await pass(2_800)
    sockets.at(-1)?.events.received(pong)
    expect(connector.phase).toBe('open')
  }
  expect(await silence(connector)).toBeGreaterThan(14_000)
  connector.stop()
})

it('gives a network that is said to be gone a second', async () => {
  const connector = start()
  await pass(0)
  sockets[0]?.events.opened()
  connector.wake()
  await pass(100)
  connector.network(false)
  await pass(999)
  expect(connector.phase).toBe('open')
  await pass(1)
  expect(sockets[0]?.closed).toBe(true)
  connector.stop()
})

it('keeps a socket that answers though the network is said to be gone', async () => {
  const connector = start()
  await pass(0)
  sockets[0]?.events.opened()
  connector.network(false)
  await pass(900)
  sockets[0]?.events.received(pong)
  await pass(5_000)
  expect(connector.phase).toBe('open')
  expect(sockets.length).toBe(1)
  connector.stop()
})

it('begins anew when a network comes while an attempt without one hangs', async () => {
  const connector = start()
  await pass(1_000)
  expect(connector.phase).toBe('connecting')
  connector.network(true)
  await pass(0)
  expect(sockets[0]?.closed).toBe(true)
  expect(sockets.length).toBe(2)
  sockets[0]?.events.opened()
  expect(connector.phase).toBe('connecting')
  sockets[1]?.events.opened()
  expect(connector.phase).toBe('open')
  connector.stop()
})

it('tries at once when a network comes', async () => {
  const connector = start()
  await pass(0)
  sockets[0]?.events.closed(1006)
  expect(connector.phase).toBe('offline')
  connector.network(true)
  await pass(0)
  expect(sockets.length).toBe(2)
  connector.stop()
})

it('gives up a socket that neither opens nor fails, and tries another', async () => {
  const connector = start()
  await pass(14_999)
  expect(connector.phase).toBe('connecting')
  await pass(1)
  expect(sockets[0]?.closed).toBe(true)
  expect(connector.phase).toBe('offline')
  await pass(50)
  expect(sockets.length).toBe(2)
  sockets[1]?.events.opened()
  await pass(20_000)
  expect(connector.phase).toBe('open')
  connector.stop()
})

it('[CLOSE-1] waits longer and longer for a server that welcomes, and dies soon after', async () => {
  const connector = start()
  const welcome = writeServerFrame({
    type: 'welcome',
    user: 'pat-morgan' as UserId,
    serverTime: 1,
    tokenExpiresAt: 600_000,
    epoch: 'e',
    cursor: 'c',
    complete: false,
    docs: [],
  })
  const dialled = async (ms: number): Promise<number> => {
    const before = sockets.length
    for (let passed = 0; passed < ms; passed += 50) {
      await pass(50)
      const socket = sockets.at(-1)
      if (socket === undefined || socket.closed) continue
      socket.closed = true
      socket.events.opened()
      socket.events.received(welcome)
      socket.events.closed(4503)
    }
    return sockets.length - before
  }
  chance = 255
  await dialled(60_000)
  expect(await dialled(600_000)).toBeLessThanOrEqual(21)
  connector.stop()
})

it('[CLOSE-1] tries again soon after a connection that held', async () => {
  chance = 255
  const connector = start()
  for (let i = 0; i < 8; i++) {
    await pass(30_100)
    sockets.at(-1)?.events.closed(1006)
  }
  await pass(30_100)
  sockets.at(-1)?.events.opened()
  await pass(10_000)
  const count = sockets.length
  sockets.at(-1)?.events.closed(1006)
  await pass(550)
  expect(sockets.length).toBe(count + 1)
  connector.stop()
})
