/**
 * How many messages a second arrive while 99 of 100 take at most 100 ms, and what a message costs
 * then. The rate goes up in steps until that breaks.
 */
import type { ChatLoad } from '../support/chat-load.ts'
import { loadOf, type Peer, TITLES } from '../support/peers.ts'
import type { Figures, Section } from './section.ts'

export interface RateOptions {
  readonly chats: number
  /** Of a step, after a second that does not count. */
  readonly seconds: number
  /** Messages per second of each step. */
  readonly rates?: readonly number[]
}

const RATES = [1_000, 2_000, 3_000, 4_500, 6_000, 8_000, 10_000, 13_000, 16_000, 20_000]
const MAX_P99 = 100

const step = async (load: ChatLoad, rate: number, seconds: number) => {
  const before = { server: load.server().cpu, generator: load.generator().cpu }
  const from = performance.now()
  const { p50, p99, received, sent } = await load.run({ rate, seconds })
  const elapsed = (performance.now() - from) / 1000
  const server = load.server().cpu - before.server
  const generator = load.generator().cpu - before.generator
  // The second of warming up has used the server too.
  const messages = (received * (seconds + 1)) / seconds
  return {
    isGood: p99 <= MAX_P99 && received === sent,
    serverShare: server / elapsed,
    generatorShare: generator / elapsed,
    rate,
    p50,
    p99,
    cpu: (server / messages) * 1_000_000,
    generatorCpu: (generator / messages) * 1_000_000,
  }
}

const measure = async (
  peer: Peer,
  { chats, seconds, rates = RATES }: RateOptions,
): Promise<Figures> => {
  const load = await loadOf(peer, chats)
  try {
    await load.connect(chats)
    let best: Figures = { rate: 0 }
    for (const rate of rates) {
      const first = await step(load, rate, seconds)
      // What else the machine does may spoil one.
      const measured = first.isGood ? first : await step(load, rate, seconds)
      const { isGood, serverShare, generatorShare, ...figures } = measured
      // What a message costs is told even where none of the rates is kept up.
      if (!isGood)
        return {
          ...(best.rate === 0 ? { ...figures, rate: 0 } : best),
          serverShare,
          generatorShare,
        }
      best = figures
    }
    return best
  } finally {
    await load.end()
  }
}

export const rate = async (peers: readonly Peer[], options: RateOptions): Promise<Section> => {
  const rows = []
  for (const peer of peers)
    rows.push({ peer, name: TITLES[peer], figures: await measure(peer, options) })
  return {
    title: `${options.chats} chats of two people: highest rate with p99 ≤ ${MAX_P99} ms`,
    columns: [
      { figure: 'rate', head: 'messages/s', digits: 0 },
      { figure: 'p50', head: 'p50 ms', digits: 2 },
      { figure: 'p99', head: 'p99 ms', digits: 1 },
      { figure: 'cpu', head: 'server CPU ms per 1,000', digits: 0 },
      { figure: 'generatorCpu', head: 'generator CPU ms per 1,000', digits: 0 },
      { figure: 'serverShare', head: 'at the next step: CPU of the server', digits: 2 },
      { figure: 'generatorShare', head: 'of the generator', digits: 2 },
    ],
    rows,
  }
}
