/**
 * What it takes until a client has all: on a device that has nothing, and again after something
 * was added while it was away. The server has just started, where it keeps what was said.
 */
import type { Pair } from '../support/clinic.ts'
import type { Filled, WardlineInboxOptions } from '../support/inbox.ts'
import type { Cost } from '../support/peer-roles.ts'
import { inboxOf, type Peer, TITLES } from '../support/peers.ts'
import type { Figures, Section } from './section.ts'

export interface LoadOptions {
  readonly people: readonly Pair[]
  /** In each chat. */
  readonly messages: number
  /** In so many of the chats … */
  readonly changed: number
  /** … so many are added. */
  readonly more: number
}

const figuresOf = (name: string, cost: Cost): Figures => ({
  [name]: cost.ms,
  [`${name}Cpu`]: cost.cpu,
  [`${name}Down`]: cost.down / 1000,
  [`${name}Up`]: cost.up / 1000,
  [`${name}Sockets`]: cost.sockets,
})

export const measureLoad = async (
  peer: Peer,
  { people, messages, changed, more }: LoadOptions,
  ways?: WardlineInboxOptions,
): Promise<Figures> => {
  const inbox = await inboxOf(peer, people, ways)
  try {
    const all: Filled = { people, messages }
    const same: Filled = { people: people.slice(changed), messages }
    const grown: Filled = { people: people.slice(0, changed), messages: messages + more }
    await inbox.fill(all)
    await inbox.restart()
    const first = await inbox.join([all])
    await inbox.leave()
    await inbox.fill(grown)
    const again = await inbox.join([same, grown])
    await inbox.verify([same, grown])
    await inbox.leave()
    const { names, previews, screenful } = first
    return {
      ...figuresOf('first', first),
      ...(names !== undefined && { names }),
      ...(previews !== undefined && { previews }),
      ...(screenful !== undefined && { screenful }),
      ...figuresOf('again', again),
    }
  } finally {
    await inbox.end()
  }
}

const columns = [
  { figure: 'names', head: 'list with names ms', digits: 0 },
  { figure: 'previews', head: 'with previews ms', digits: 0 },
  { figure: 'screenful', head: 'newest screenful ms', digits: 0 },
  { figure: 'first', head: 'all ms', digits: 0 },
  { figure: 'firstCpu', head: "client's CPU ms", digits: 0 },
  { figure: 'firstDown', head: 'kB down', digits: 0 },
  { figure: 'firstUp', head: 'kB up', digits: 1 },
  { figure: 'firstSockets', head: 'sockets', digits: 0 },
  { figure: 'again', head: 'again ms', digits: 0 },
  { figure: 'againCpu', head: "client's CPU ms", digits: 0 },
  { figure: 'againDown', head: 'kB down', digits: 1 },
  { figure: 'againUp', head: 'kB up', digits: 1 },
] as const

/** How Wardline's client is there, and comes back. */
interface Way extends WardlineInboxOptions {
  readonly name: string
  readonly messages?: number
}

const rowsOf = async (peer: Peer, options: LoadOptions, ways: readonly Way[]) => {
  if (peer !== 'wardline')
    return [{ peer, name: TITLES[peer], figures: await measureLoad(peer, options) }]
  const rows = []
  for (const way of ways) {
    const { messages = options.messages } = way
    const figures = await measureLoad(peer, { ...options, messages }, way)
    rows.push({ peer, name: way.name, figures })
  }
  return rows
}

const sectionOf = async (
  title: string,
  peers: readonly Peer[],
  options: LoadOptions,
  ways: readonly Way[],
): Promise<Section> => {
  const rows = []
  for (const peer of peers) rows.push(...(await rowsOf(peer, options, ways)))
  return { title, columns, rows }
}

/** One long chat. */
export const page = (peers: readonly Peer[], options: LoadOptions): Promise<Section> =>
  sectionOf(
    `A chat of ${options.messages} messages; again after ${options.more} more`,
    peers,
    options,
    [
      { name: 'Wardline, app started again' },
      { name: 'Wardline, app reconnects', stays: true },
      { name: 'Wardline, chat open, app started again', open: true },
      { name: 'Wardline, chat open, app reconnects', open: true, stays: true },
      {
        name: 'Wardline, chat open, 5 × as long',
        open: true,
        months: 5,
        messages: 5 * options.messages,
      },
    ],
  )

/** Many chats. */
export const inbox = (peers: readonly Peer[], options: LoadOptions): Promise<Section> =>
  sectionOf(
    `${options.people.length} chats of ${options.messages} messages, a fresh device; again after ${options.more} more in ${options.changed} of them`,
    peers,
    options,
    [{ name: 'Wardline, app started again' }, { name: 'Wardline, app reconnects', stays: true }],
  )
