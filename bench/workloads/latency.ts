/**
 * How long a message takes to the other person at a load that a clinic has, and what it costs the
 * server: with receivers who only read, and with receivers who say that they have read.
 */
import { loadOf, type Peer, TITLES } from '../support/peers.ts'
import type { Figures, Section } from './section.ts'

export interface LatencyOptions {
  readonly chats: number
  /** Messages per second, over all chats. */
  readonly rate: number
  readonly seconds: number
  /** How long it goes on before, besides the second that each load begins with, s. */
  readonly warmUp?: number
}

export const measureLatency = async (
  peer: Peer,
  receipts: boolean,
  { chats, rate, seconds, warmUp = 2 }: LatencyOptions,
): Promise<Figures> => {
  const load = await loadOf(peer, chats, receipts)
  try {
    await load.connect(chats, { open: true, receipts })
    // Every page gets its first message, and code gets warm.
    await load.run({ rate: 2 * chats, seconds: warmUp })
    load.resetPeak()
    const before = { server: load.server().cpu, generator: load.generator().cpu }
    const { p50, p99, ackP50, ackP99, sent, received } = await load.run({ rate, seconds })
    const { cpu, peakRss } = load.server()
    return {
      p50,
      p99,
      storedP50: ackP50,
      storedP99: ackP99,
      // The second of warming up is not counted.
      cpu: ((cpu - before.server) * seconds) / (seconds + 1),
      generatorCpu: ((load.generator().cpu - before.generator) * seconds) / (seconds + 1),
      peakRss,
      lost: sent - received,
    }
  } finally {
    await load.end()
  }
}

export const latency = async (
  peers: readonly Peer[],
  receipts: boolean,
  options: LatencyOptions,
): Promise<Section> => {
  const { chats, rate, seconds } = options
  const rows = []
  for (const peer of peers) {
    const name = peer === 'wardline' && receipts ? "Wardline, app's client" : TITLES[peer]
    rows.push({ peer, name, figures: await measureLatency(peer, receipts, options) })
  }
  const how = receipts ? 'receivers write receipts' : 'receivers only read'
  return {
    title: `${chats} chats of two people, ${rate} messages/s for ${seconds} s; ${how}`,
    columns: [
      { figure: 'p50', head: 'p50 ms', digits: 2 },
      { figure: 'p99', head: 'p99 ms', digits: 1 },
      { figure: 'storedP50', head: 'stored p50 ms', digits: 2 },
      { figure: 'storedP99', head: 'stored p99 ms', digits: 1 },
      { figure: 'cpu', head: `server CPU s in ${seconds} s`, digits: 2 },
      { figure: 'generatorCpu', head: 'CPU of the clients', digits: 2 },
      { figure: 'peakRss', head: 'peak RSS MB', digits: 0 },
      { figure: 'lost', head: 'lost', digits: 0 },
    ],
    rows,
  }
}
