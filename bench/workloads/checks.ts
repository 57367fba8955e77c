/**
 * What is held against the budget: Wardline's cost as a multiple of the relay's for the same work in
 * the same run. It is CPU time and memory, which other work on the machine changes little.
 */
import { practice } from '../support/clinic.ts'
import type { Peer } from '../support/peers.ts'
import { connectAll } from './idle.ts'
import { type LatencyOptions, measureLatency } from './latency.ts'
import { measureLoad } from './loads.ts'
import type { Figures } from './section.ts'

export interface Size {
  readonly latency: LatencyOptions
  readonly receipts: LatencyOptions
  readonly connections: number
  /** After connecting, ms. */
  readonly settle: number
  /** Of one chat. */
  readonly messages: number
  /** Of 200 messages each. */
  readonly chats: number
}

export const FULL: Size = {
  latency: { chats: 100, rate: 2_000, seconds: 10 },
  receipts: { chats: 100, rate: 200, seconds: 15 },
  connections: 3_000,
  settle: 3_000,
  messages: 10_000,
  chats: 200,
}

export const QUICK: Size = {
  latency: { chats: 50, rate: 2_000, seconds: 2, warmUp: 0 },
  receipts: { chats: 30, rate: 250, seconds: 3, warmUp: 0 },
  connections: 800,
  settle: 500,
  messages: 4_000,
  chats: 50,
}

/** A workload, and the ratios that it gives. */
export interface Check {
  measure(peer: Peer): Promise<Figures>
  /** By name: a figure of Wardline's, and the relay's that is its unit. */
  readonly ratios: Readonly<Record<string, readonly [ours: string, unit: string]>>
}

const connection = async (peer: Peer, { connections, settle }: Size): Promise<Figures> => {
  const { load, figures } = await connectAll({ peer, open: true }, connections, settle)
  await load.end()
  return figures
}

export const checksOf = (size: Size): Check[] => [
  {
    measure: (peer) => measureLatency(peer, false, size.latency),
    ratios: { 'a message: CPU of the server': ['cpu', 'cpu'] },
  },
  {
    measure: (peer) => measureLatency(peer, true, size.receipts),
    ratios: {
      'a message that is read: CPU of the server': ['cpu', 'cpu'],
      'a message that is read: CPU of the clients': ['generatorCpu', 'generatorCpu'],
    },
  },
  {
    measure: (peer) => connection(peer, size),
    ratios: {
      'a connection: memory': ['kb', 'kb'],
      'a connection: CPU of the server to open it': ['connectingCpu', 'connectingCpu'],
    },
  },
  {
    measure: (peer) =>
      measureLoad(
        peer,
        { people: practice(1), messages: size.messages, changed: 1, more: 10 },
        {
          open: true,
        },
      ),
    ratios: {
      'a long chat on a fresh device: its CPU': ['firstCpu', 'firstCpu'],
      'and again, of that': ['againCpu', 'firstCpu'],
    },
  },
  {
    measure: (peer) =>
      measureLoad(peer, { people: practice(size.chats), messages: 200, changed: 10, more: 5 }),
    ratios: {
      'an inbox on a fresh device: its CPU': ['firstCpu', 'firstCpu'],
      'and again after some news, of that': ['againCpu', 'firstCpu'],
    },
  },
]
