/**
 * Wardline beside what others chat through, in one run.
 *
 *     npm run bench -- peers [workload …] [peer …] [runs=1]
 *
 * Without workloads or peers it is all of them; of several runs it shows medians.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { practice } from './support/clinic.ts'
import { installPeers } from './support/install-peers.ts'
import { isInstalledApart, PEERS, type Peer } from './support/peers.ts'
import { goalTable } from './workloads/goals.ts'
import { idle } from './workloads/idle.ts'
import { latency } from './workloads/latency.ts'
import { inbox, page } from './workloads/loads.ts'
import { rate } from './workloads/rate.ts'
import { markdownOf, medianOf, type Section } from './workloads/section.ts'

const clinic = { chats: 200, rate: 200, seconds: 20 }

const WORKLOADS: Readonly<Record<string, (peers: readonly Peer[]) => Promise<Section>>> = {
  latency: (peers) => latency(peers, false, clinic),
  receipts: (peers) => latency(peers, true, clinic),
  rate: (peers) => rate(peers, { chats: 200, seconds: 2 }),
  idle: (peers) => idle(peers, { connections: 5_000, seconds: 31 }),
  page: (peers) => page(peers, { people: practice(1), messages: 10_000, changed: 1, more: 10 }),
  inbox: (peers) => inbox(peers, { people: practice(300), messages: 200, changed: 10, more: 5 }),
}

const words = process.argv.slice(2)
const isPeer = (word: string): word is Peer => (PEERS as readonly string[]).includes(word)
const times = words.find((word) => word.startsWith('runs='))
const unknown = words.filter((word) => !isPeer(word) && !(word in WORKLOADS) && word !== times)
if (unknown.length > 0) {
  const known = [...Object.keys(WORKLOADS), ...PEERS].join(', ')
  throw new Error(`Neither a workload nor a peer: ${unknown.join(', ')}. There are ${known}.`)
}
const named = { peers: words.filter(isPeer), workloads: words.filter((word) => word in WORKLOADS) }
const peers = named.peers.length > 0 ? named.peers : PEERS
const workloads = named.workloads.length > 0 ? named.workloads : Object.keys(WORKLOADS)

if (peers.some(isInstalledApart)) installPeers()

const runs: Record<string, Section[]> = {}
for (let run = 0; run < Number(times?.slice('runs='.length) ?? 1); run++)
  for (const name of workloads) {
    const section = await WORKLOADS[name]?.(peers)
    if (section === undefined) continue
    console.log(markdownOf(section))
    runs[name] = [...(runs[name] ?? []), section]
  }
const sections = Object.fromEntries(
  Object.entries(runs).map(([name, sections]) => [name, medianOf(sections)]),
)

const folder = resolve(import.meta.dirname, '../.cache/bench')
mkdirSync(folder, { recursive: true })
const goals = goalTable(sections)
const tables = Object.values(sections).map(markdownOf)
writeFileSync(join(folder, 'peers.md'), [goals, ...tables].join('\n\n'))
writeFileSync(join(folder, 'peers.json'), JSON.stringify(sections, null, 2))
console.log(goals)
