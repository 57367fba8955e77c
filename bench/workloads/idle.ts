/**
 * What a connection costs that does nothing: memory, and CPU over a time in which the heartbeat of
 * the sockets falls at least once. And how long it takes until all of them are there.
 */
import type { ChatLoad } from '../support/chat-load.ts'
import { pause } from '../support/numbers.ts'
import { loadOf, type Peer, TITLES } from '../support/peers.ts'
import type { Section } from './section.ts'

export interface IdleOptions {
  readonly connections: number
  readonly seconds: number
}

/** How long what connecting has set off may take, ms. */
const SETTLE = 3_000
/** Chats of the first connections, after which code and caches that all share are there. */
const FIRST = 25

interface Case {
  readonly peer: Peer
  readonly name: string
  readonly open: boolean
}

const casesOf = (peer: Peer): Case[] =>
  peer === 'wardline'
    ? [
        { peer, name: 'Wardline, signed in', open: false },
        { peer, name: 'Wardline, chat on screen', open: true },
      ]
    : [{ peer, name: TITLES[peer], open: true }]

/** Resident memory after a collection of garbage, and what of it is in use; kB. */
const memoryOf = async (load: ChatLoad) => {
  const used = (await load.collectGarbage()) / 1024
  await pause(200)
  return { used, rss: load.server().rss * 1024 }
}

/** The load stays: whoever asks ends it. */
export const connectAll = async (
  { peer, open }: Omit<Case, 'name'>,
  connections: number,
  settle = SETTLE,
) => {
  const load = await loadOf(peer, connections / 2)
  const presence = { open, receipts: false }
  await load.connect(FIRST, presence)
  await load.disconnect()
  await pause(500)
  const empty = await memoryOf(load)
  const before = load.server().cpu
  const from = performance.now()
  await load.connect(connections / 2, presence)
  const connecting = (performance.now() - from) / 1000
  const connectingCpu = load.server().cpu - before
  await pause(settle)
  const { rss: plain } = load.server()
  const full = await memoryOf(load)
  const figures = {
    kb: (full.rss - empty.rss) / connections,
    kbBefore: (plain * 1024 - empty.rss) / connections,
    kbUsed: (full.used - empty.used) / connections,
    connecting,
    connectingCpu,
  }
  return { load, figures }
}

export const idle = async (
  peers: readonly Peer[],
  { connections, seconds }: IdleOptions,
): Promise<Section> => {
  const open: { one: Case; load: ChatLoad; figures: Record<string, number> }[] = []
  try {
    for (const one of peers.flatMap(casesOf))
      open.push({ one, ...(await connectAll(one, connections)) })
    const before = open.map(({ load }) => load.server().cpu)
    await pause(seconds * 1000)
    for (const [i, { load, figures }] of open.entries())
      figures.cpu = ((load.server().cpu - (before[i] ?? 0)) / seconds) * 100
  } finally {
    for (const { load } of open) await load.end()
  }
  return {
    title: `${connections} connections that do nothing`,
    columns: [
      { figure: 'kb', head: 'kB each', digits: 1 },
      { figure: 'kbBefore', head: 'with the garbage of connecting', digits: 1 },
      { figure: 'kbUsed', head: 'in use', digits: 1 },
      { figure: 'connecting', head: 'connecting all s', digits: 2 },
      { figure: 'connectingCpu', head: 'server CPU for it s', digits: 2 },
      { figure: 'cpu', head: `CPU % over ${seconds} s`, digits: 2 },
    ],
    rows: open.map(({ one: { peer, name }, figures }) => ({ peer, name, figures })),
  }
}
