/** What the benches of loading have in common. */
import type { Cost, WardlineReader } from '../roles/wardline-reader.ts'
import type { PeerReader, PeerServer, Served } from './peer-roles.ts'
import { RoleProcess } from './processes.ts'

export const startReader = () => RoleProcess.start<WardlineReader>('wardline-reader')

export interface RelayAndReader {
  fill(rooms: readonly string[], from: number, to: number): Promise<void>
  join(rooms: readonly { name: string; messages: number }[]): Promise<Cost>
  end(): Promise<void>
}

export const startRelay = async (): Promise<RelayAndReader> => {
  const [server, reader] = await Promise.all([
    RoleProcess.start<Served<PeerServer>>('relay-server'),
    RoleProcess.start<Served<PeerReader>>('relay-reader'),
  ])
  const url = await server.call.start('')
  return {
    fill: (rooms, from, to) => server.call.fill(rooms, from, to),
    async join(rooms) {
      const cost = await reader.call.join(url, rooms)
      await reader.call.leave()
      return { ...cost, opened: rooms.length }
    },
    async end() {
      await reader.end()
      await server.end()
    },
  }
}

const kb = (bytes: number): string => (bytes / 1000).toFixed(1)

export const costRow = (name: string, cost: Cost): (string | number)[] => [
  name,
  cost.ms.toFixed(0),
  cost.cpu.toFixed(0),
  kb(cost.down),
  kb(cost.up),
  cost.opened,
]

export const costHeads = ['', 'ms', 'its CPU ms', 'kB down', 'kB up', 'docs opened']
