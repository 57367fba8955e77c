/**
 * Two people in each chat who write to each other through the real protocol, with the least that it
 * asks for: they keep nothing, and say nothing of what they read.
 */
import { randomBytes } from 'node:crypto'
import { writerFrom } from '@wardline/core/base/client-id'
import { type ChatId, chatDoc, type DeviceId, monthOf, pageDoc } from '@wardline/core/base/ids'
import { textOf } from '../../tests/support/written-page.ts'
import { chatOf, type Pair } from '../support/clinic.ts'
import { LeanDevice } from '../support/lean-device.ts'
import { type Load, type Measured, Pacer } from '../support/pacer.ts'
import type { Presence } from '../support/peer-roles.ts'
import { type Handlers, serveRole } from '../support/role.ts'
import type { Access } from '../support/wardline.ts'

const devices: LeanDevice[] = []
const pacer = new Pacer()
/** Frames of each device that are not acknowledged, oldest first. */
const unacknowledged: number[][] = []
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The envelope that `sealBody` makes, without its promise. */
const bodyOf = (number: number): Uint8Array =>
  encoder.encode(`\0${JSON.stringify({ text: textOf(number) })}`)

const numberIn = (body: Uint8Array): number => {
  const { text } = JSON.parse(decoder.decode(body.subarray(1))) as { text: string }
  return Number.parseInt(text, 10)
}

const connect = ({ url, token, person }: Access, chat: ChatId, side: number, open: boolean) => {
  const queue: number[] = []
  unacknowledged.push(queue)
  const device = new LeanDevice({
    url,
    user: person.id,
    token,
    index: side + 1,
    writer: writerFrom(randomBytes(5)),
    device: randomBytes(8).toString('hex') as DeviceId,
    docs: open ? [chatDoc(chat), pageDoc(chat, monthOf(Date.now()))] : [],
    received: (body) => pacer.received(numberIn(body)),
    acknowledged: (frames) => {
      for (const number of queue.splice(0, frames)) pacer.acknowledged(number)
    },
  })
  devices.push(device)
  return device.ready()
}

const handlers = {
  async connect(
    accesses: readonly (readonly [Access, Access])[],
    pairs: readonly Pair[],
    { open, receipts }: Presence,
  ): Promise<void> {
    if (receipts) throw new Error('receipts are written by the client of the app')
    for (let i = 0; i < pairs.length; i += 50)
      await Promise.all(
        pairs.slice(i, i + 50).flatMap((pair, k) => {
          const both = accesses[i + k] ?? []
          return both.map((access, side) => connect(access, chatOf(pair), side, open))
        }),
      )
  },

  run: (load: Load): Promise<Measured> =>
    pacer.run(load, (number) => {
      const place = number % devices.length
      unacknowledged[place]?.push(number)
      devices[place]?.send(bodyOf(number), Date.now())
    }),

  disconnect(): void {
    for (const device of devices.splice(0)) device.close()
    unacknowledged.length = 0
  },
} satisfies Handlers

export type WardlineLoad = typeof handlers
serveRole(handlers)
