/**
 * People who write to each other through the real protocol, with the least that it asks for: they
 * keep nothing, so that the server is what is measured.
 */
import type { MemberIndex } from '@wardline/core/base/client-id'
import { type ChatId, chatDoc, type DocName, monthOf, pageDoc } from '@wardline/core/base/ids'
import { LeanDevice } from '../support/lean-device.ts'
import { bodyOf, numberIn } from '../support/lean-texts.ts'
import { percentile } from '../support/numbers.ts'
import { type Load, type Measured, Pacer } from '../support/pacer.ts'
import type { Presence } from '../support/peer-roles.ts'
import { type Handlers, serveRole } from '../support/role.ts'
import type { Access } from '../support/wardline.ts'

/** A chat, and those who are in it, in the order of their indexes. */
export interface Room {
  readonly chat: ChatId
  readonly members: readonly Access[]
}

/** Connections that are made at a time. */
const AT_ONCE = 100

const devices: LeanDevice[] = []
const pacer = new Pacer()
/** Messages of each device that are not acknowledged, oldest first. */
const unacknowledged: number[][] = []
/** Of each message. */
let receivers = 1

const deviceOf = ({ url, token, person }: Access, chat: ChatId, i: number, presence: Presence) => {
  const queue: number[] = []
  unacknowledged.push(queue)
  const device = new LeanDevice({
    url,
    user: person.id,
    token,
    index: i + 1,
    docs: presence.open ? [chatDoc(chat), pageDoc(chat, monthOf(Date.now()))] : [],
    receipts: presence.receipts,
    received: (body) => pacer.received(numberIn(body)),
    acknowledged: (messages) => {
      for (const number of queue.splice(0, messages)) pacer.acknowledged(number)
    },
  })
  devices.push(device)
  return device
}

const handlers = {
  async connect(rooms: readonly Room[], presence: Presence): Promise<void> {
    receivers = (rooms[0]?.members.length ?? 2) - 1
    const all = rooms.flatMap(({ chat, members }) =>
      members.map((access, i) => deviceOf(access, chat, i, presence)),
    )
    for (let i = 0; i < all.length; i += AT_ONCE)
      await Promise.all(all.slice(i, i + AT_ONCE).map((device) => device.connect()))
  },

  run: (load: Load): Promise<Measured> =>
    pacer.run(
      load,
      (number) => {
        const place = number % devices.length
        unacknowledged[place]?.push(number)
        devices[place]?.send(bodyOf(number), Date.now())
      },
      receivers,
    ),

  /** The network is gone for all of them. */
  drop(): void {
    for (const device of devices) device.drop()
  },

  /** All connect again at once; the times until each has been told everything, ms. */
  async reconnect(): Promise<{ p50: number; p99: number; all: number }> {
    const from = performance.now()
    const times = await Promise.all(
      devices.map(async (device) => {
        await device.connect()
        return performance.now() - from
      }),
    )
    const took = Float64Array.from(times)
    return { p50: percentile(took, 0.5), p99: percentile(took, 0.99), all: Math.max(...times) }
  },

  /**
   * Each device writes a message in each of its pages, one after the other.
   *
   * @param pages by device, with its index in them
   */
  async touch(pages: readonly (readonly DocName[])[], index: MemberIndex): Promise<void> {
    await Promise.all(
      pages.map(async (own, i) => {
        for (const page of own) await devices[i]?.touch(page, index, bodyOf(0), Date.now())
      }),
    )
  },

  disconnect(): void {
    for (const device of devices.splice(0)) device.close()
    unacknowledged.length = 0
  },
} satisfies Handlers

export type WardlineLoad = typeof handlers
serveRole(handlers)
