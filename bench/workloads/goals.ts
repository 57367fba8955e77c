/** What Wardline's figures must be, beside those of the others in the same run. */
import { PEERS, type Peer, TITLES } from '../support/peers.ts'
import type { Section } from './section.ts'

interface Goal {
  readonly what: string
  /** Name of the workload. */
  readonly workload: string
  readonly figure: string
  readonly digits: number
  /** Name of Wardline's row, where it has several. */
  readonly row?: string
  /** A figure of its own, or so many times a peer's. */
  readonly most:
    | number
    | { readonly peer: Peer; readonly times: number; readonly workload?: string }
}

const again = 'Wardline, app started again'
const back = 'Wardline, app reconnects'

const GOALS: readonly Goal[] = [
  {
    what: '200 chats, 200 messages/s: p99 ms',
    workload: 'latency',
    figure: 'p99',
    digits: 1,
    most: { peer: 'socketio-level', times: 1 },
  },
  {
    what: 'the same: server CPU s in 20 s, all write receipts',
    workload: 'receipts',
    figure: 'cpu',
    digits: 2,
    most: { peer: 'y-websocket', times: 1 },
  },
  {
    what: 'the same, where only Wardline’s people write receipts',
    workload: 'receipts',
    figure: 'cpu',
    digits: 2,
    most: { peer: 'y-websocket', times: 1, workload: 'latency' },
  },
  {
    what: 'at the highest rate: server CPU ms per 1,000',
    workload: 'rate',
    figure: 'cpu',
    digits: 0,
    most: { peer: 'relay', times: 2.5 },
  },
  {
    what: 'idle connection, signed in: kB',
    workload: 'idle',
    row: 'Wardline, signed in',
    figure: 'kb',
    digits: 1,
    most: { peer: 'relay', times: 1.5 },
  },
  {
    what: 'idle connection, chat on screen: kB',
    workload: 'idle',
    row: 'Wardline, chat on screen',
    figure: 'kb',
    digits: 1,
    most: { peer: 'relay', times: 1.5 },
  },
  {
    what: 'connecting 5,000: s',
    workload: 'idle',
    row: 'Wardline, chat on screen',
    figure: 'connecting',
    digits: 2,
    most: { peer: 'y-websocket', times: 1 },
  },
  {
    what: '10,000 messages, cold: ms until the client has all',
    workload: 'page',
    row: again,
    figure: 'first',
    digits: 0,
    most: { peer: 'socketio-level', times: 2 },
  },
  {
    what: 'the same, and shows them in the open chat',
    workload: 'page',
    row: 'Wardline, chat open, app started again',
    figure: 'first',
    digits: 0,
    most: { peer: 'socketio-level', times: 2 },
  },
  {
    what: 'newest screenful of 10,000: ms',
    workload: 'page',
    row: 'Wardline, chat open, app started again',
    figure: 'screenful',
    digits: 0,
    most: 100,
  },
  {
    what: 'newest screenful of 50,000: ms',
    workload: 'page',
    row: 'Wardline, chat open, 5 × as long',
    figure: 'screenful',
    digits: 0,
    most: 100,
  },
  {
    what: 'back after 10 more, app reconnects: ms',
    workload: 'page',
    row: back,
    figure: 'again',
    digits: 0,
    most: 30,
  },
  {
    what: 'the same, app started again from what it keeps',
    workload: 'page',
    row: again,
    figure: 'again',
    digits: 0,
    most: 30,
  },
  {
    what: 'back after 10 more, in the open chat, app reconnects: ms',
    workload: 'page',
    row: 'Wardline, chat open, app reconnects',
    figure: 'again',
    digits: 0,
    most: 60,
  },
  {
    what: 'the same, app started again from what it keeps',
    workload: 'page',
    row: 'Wardline, chat open, app started again',
    figure: 'again',
    digits: 0,
    most: 60,
  },
  {
    what: '300 chats × 200, fresh device: ms until the client has all',
    workload: 'inbox',
    row: again,
    figure: 'first',
    digits: 0,
    most: 700,
  },
  {
    what: 'again after 5 more in 10 of them, app reconnects: ms',
    workload: 'inbox',
    row: back,
    figure: 'again',
    digits: 0,
    most: 56,
  },
  {
    what: 'the same, app started again from what it keeps',
    workload: 'inbox',
    row: again,
    figure: 'again',
    digits: 0,
    most: 56,
  },
]

type Sections = Readonly<Record<string, Section>>

const figureIn = (section: Section | undefined, figure: string, peer: Peer, name?: string) =>
  section?.rows.find((row) => row.peer === peer && (name === undefined || row.name === name))
    ?.figures[figure]

const rowOf = (sections: Sections, { what, workload, figure, digits, row, most }: Goal) => {
  const section = sections[workload]
  const show = (value: number | undefined) => value?.toFixed(digits) ?? ''
  const ours = figureIn(section, figure, 'wardline', row)
  const limit =
    typeof most === 'number'
      ? most
      : (figureIn(sections[most.workload ?? workload], figure, most.peer) ?? Number.NaN) *
        most.times
  if (ours === undefined || Number.isNaN(limit)) return []
  const of = typeof most === 'number' ? '' : `: ${most.times} × ${TITLES[most.peer]}`
  const met = ours <= limit ? 'met' : `${(ours / limit).toFixed(1)} × as much`
  const others = PEERS.filter((peer) => peer !== 'wardline')
  const cells = others.map((peer) => show(figureIn(section, figure, peer)))
  return [[what, ...cells, show(ours), `≤ ${show(limit)}${of}`, met]]
}

/** The goals that these workloads tell of, as a table in Markdown. */
export const goalTable = (sections: Sections): string => {
  const heads = ['', ...PEERS.map((peer) => TITLES[peer]), 'must be', '']
  const lines = [heads, heads.map((_, i) => (i === 0 ? '---' : '--:'))]
  for (const goal of GOALS) lines.push(...rowOf(sections, goal))
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
