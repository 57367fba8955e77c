/**
 * Any interleaving of writing, reading, dead spots, crashes and restarts ends with the same
 * timeline everywhere, the same unread counts on all devices of a person, and statuses that were
 * true whenever they were shown and never went back. Set SEED and RUNS to repeat or to go on.
 */

import { type DocName, monthOf, pageDoc } from '@wardline/core/base/ids'
import { Page } from '@wardline/core/chat/page'
import type { MessageStatus, TimelineItem } from '@wardline/core/client/model/views'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../support/random.ts'
import { ada, chat, type Device, pat, START, World } from '../support/world.ts'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const runs = Number(process.env.RUNS ?? 30)
/** Seeds on which something was once wrong. */
const regressions: number[] = [662118570, 500228, 63770310]

const rank: Record<MessageStatus, number> = { waiting: 0, stored: 1, delivered: 2, read: 3 }

/** Watches what every device shows, and holds it against what is so. */
class Witness {
  readonly #world: World
  readonly #shown = new Map<string, number>()
  /** Keys of messages that somebody has marked as read, by reader. */
  readonly read = new Map<string, Set<string>>()

  constructor(world: World) {
    this.#world = world
  }

  async look(): Promise<void> {
    const stored = await this.#stored()
    for (const device of this.#world.devices) {
      if (device.client === undefined) continue
      const view = await device.open()
      for (const item of view.items) {
        if (item.type !== 'message' || !item.mine || item.status === null) continue
        const id = item.key.split('/')[1] ?? ''
        const key = `${device.name} ${item.key}`
        const now = rank[item.status]
        expect(now, `${key} went back`).toBeGreaterThanOrEqual(this.#shown.get(key) ?? 0)
        this.#shown.set(key, now)
        if (now >= rank.stored) expect(stored, `${key} is ${item.status}`).toContain(id)
        if (now >= rank.delivered) expect(this.#has(device, id)).toBe(true)
        if (now >= rank.read) expect(this.#wasRead(device, item.key), key).toBe(true)
      }
    }
  }

  /** What is durable on the server. */
  async #stored(): Promise<string[]> {
    const ids: string[] = []
    for (const doc of this.#world.disk.docs.keys())
      if (doc.split('/').length === 3) ids.push(...idsIn(await this.#content(doc)))
    return ids
  }

  async #content(doc: DocName): Promise<Uint8Array[]> {
    const { snapshot, tail } = await this.#world.store.read(doc)
    return [...(snapshot?.updates ?? []), ...tail.map(({ update }) => update)]
  }

  /** Whether a device of the other person has it in its database. */
  #has(author: Device, id: string): boolean {
    for (const device of this.#world.devices) {
      if (device.me.id === author.me.id) continue
      for (const [doc, { rows }] of device.database.docs)
        if (doc.split('/').length === 3 && idsIn(rows.map((row) => row.update)).includes(id))
          return true
    }
    return false
  }

  #wasRead(author: Device, key: string): boolean {
    return this.#world.devices.some(
      ({ me }) => me.id !== author.me.id && this.read.get(me.id)?.has(key),
    )
  }
}

const idsIn = (updates: readonly Uint8Array[]): string[] => {
  const page = new Page()
  page.apply(updates)
  return page.messages().map(({ id }) => id)
}

type Shown = Extract<TimelineItem, { type: 'message' }>

const messagesOf = async (device: Device): Promise<Shown[]> =>
  (await device.open()).items.filter((item) => item.type === 'message')

/** What all replicas have to agree on. */
const gist = (messages: readonly Shown[]) =>
  messages.map(({ key, text, edited, retracted, reactions }) => ({
    key,
    text,
    edited,
    retracted,
    reactions: reactions.map(({ emoji, names }) => [emoji, ...names]),
  }))

const play = async (seedOfRun: number): Promise<void> => {
  const world = await World.open(seedOfRun)
  const random = randomFrom(seedOfRun ^ 0x5bd1e995)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const skews = [0, 0, 0, 90_000, -3_600_000]
  for (const [me, name] of [
    [pat, 'phone'],
    [pat, 'tablet'],
    [ada, 'desk'],
    [ada, 'mobile'],
  ] as const)
    await world.device(me, name, pick(skews))
  // One person with two tabs of the same browser, on each side, now and then.
  for (const device of [...world.devices])
    if (random() < 0.3) await world.tab(device, `${device.name} tab 2`)
  const witness = new Witness(world)
  const sent: string[] = []
  const shown = async (device: Device) =>
    device.client === undefined ? [] : await messagesOf(device)

  const steps: [number, (device: Device) => Promise<void> | void][] = [
    [
      6,
      async (device) => {
        if (device.client === undefined) return
        const text = `${device.name} ${sent.length}`
        sent.push(text)
        await device.send(text)
      },
    ],
    [
      3,
      async (device) => {
        if (device.client === undefined) return
        const read = witness.read.get(device.me.id) ?? new Set()
        witness.read.set(device.me.id, read)
        for (const { key } of await messagesOf(device)) read.add(key)
        await device.read()
      },
    ],
    [
      2,
      async (device) => {
        const own = (await shown(device)).filter(({ mine, retracted }) => mine && !retracted)
        const { key, text } = pick(own) ?? {}
        if (key !== undefined) await device.client?.edit(chat, key, `${text}, changed`)
      },
    ],
    [
      1,
      async (device) => {
        const own = (await shown(device)).filter(({ mine, retracted }) => mine && !retracted)
        const { key } = pick(own) ?? {}
        if (key !== undefined) await device.client?.retract(chat, key)
      },
    ],
    [
      2,
      async (device) => {
        const { key } = pick(await shown(device)) ?? {}
        if (key !== undefined) await device.client?.react(chat, key, pick(['👍', '❤️', '']))
      },
    ],
    [
      1,
      async (device) => {
        await device.client?.setChatPrefs(chat, { pinned: random() < 0.5, muted: random() < 0.5 })
      },
    ],
    [2, (device) => device.goOffline()],
    [3, (device) => device.goOnline()],
    [1, (device) => device.kill()],
    [
      2,
      async (device) => {
        if (device.client === undefined) await device.start()
      },
    ],
    [1, () => world.crashServer()],
    [
      2,
      () => {
        if (!world.serverUp) world.startServer()
      },
    ],
    [1, () => pick([...world.network.links, undefined])?.cut()],
    [
      10,
      async () => {
        for (const link of world.network.busy()) {
          link.accept(world.accept)
          for (let i = Math.floor(random() * 6); i > 0; i--) {
            await world.settle()
            if (random() < 0.5) link.deliverToServer()
            else link.deliverToClient()
          }
        }
      },
    ],
    [4, () => world.timers.advance(Math.floor(random() * 8_000))],
    [3, () => world.drain()],
  ]
  const weights = steps.reduce((sum, [weight]) => sum + weight, 0)

  for (let i = 0; i < 80; i++) {
    let at = random() * weights
    for (const [weight, step] of steps) {
      at -= weight
      if (at >= 0) continue
      await step(pick(world.devices))
      break
    }
    await world.settle()
    if (i % 4 === 0) await witness.look()
  }

  if (!world.serverUp) world.startServer()
  for (const device of world.devices) {
    if (device.client === undefined) await device.start()
    device.goOnline()
  }
  await world.quiesce(70_000)
  await witness.look()

  const [first, ...others] = world.devices as [Device, ...Device[]]
  const timeline = gist(await messagesOf(first))
  expect(timeline.length, 'everything that was sent, once').toBe(sent.length)
  expect(new Set(timeline.map(({ key }) => key)).size).toBe(sent.length)
  for (const device of others) expect(gist(await messagesOf(device))).toEqual(timeline)
  for (const me of [pat, ada]) {
    const counts = world.devices
      .filter((device) => device.me.id === me.id)
      .map(({ unread }) => unread)
    expect(new Set(counts).size, `unread of ${me.id}: ${counts}`).toBe(1)
  }
  for (const me of [pat, ada]) {
    const kept = world.devices
      .filter((device) => device.me.id === me.id)
      .map((device) => device.client?.shell().chats.find(({ id }) => id === chat))
      .map((summary) => `${summary?.pinned} ${summary?.muted}`)
    expect(new Set(kept).size, `settings of ${me.id}: ${kept}`).toBe(1)
  }
  for (const device of world.devices)
    for (const { mine, status, text } of await messagesOf(device))
      if (mine) expect(['delivered', 'read'], text).toContain(status)
  expect(world.devices.every(({ client }) => client?.shell().waiting === 0)).toBe(true)
  // The month has not changed meanwhile, so that one page holds it all.
  if (sent.length > 0) expect([...world.disk.docs.keys()]).toContain(pageDoc(chat, monthOf(START)))
}

describe(`[PROMISE-3] [CONVERGE-1] ${runs} random schedules, seed ${seed}`, () => {
  for (const fixed of regressions) it(`seed ${fixed}`, () => play(fixed))
  it('converge', { timeout: 120_000 }, async () => {
    for (let i = 0; i < runs; i++) {
      try {
        await play(seed + i)
      } catch (error) {
        throw new Error(`seed ${seed + i}: ${String(error)}`, { cause: error })
      }
    }
  })
})
