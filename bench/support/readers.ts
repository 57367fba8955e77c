/** What the benches of loading have in common. */

import type { UserId } from '@wardline/core/base/ids'
import type { Person } from '@wardline/core/client/model/views'
import type { RelayReader } from '../roles/relay-reader.ts'
import type { RelayServer } from '../roles/relay-server.ts'
import type { Access, Cost, WardlineReader } from '../roles/wardline-reader.ts'
import { RoleProcess } from './processes.ts'
import type { WardlineProcess } from './wardline.ts'

export const startReader = () => RoleProcess.start<WardlineReader>('wardline-reader')

export const accessOf = async (
  { process, url }: WardlineProcess,
  id: UserId,
  role: Person['role'],
): Promise<Access> => {
  const [token = ''] = await process.call.tokens([id])
  return { url, token, person: { id, name: id, role } }
}

export interface RelayAndReader {
  fill(room: string, texts: readonly string[]): Promise<void>
  join(rooms: readonly { name: string; from: number }[]): Promise<Cost>
  end(): Promise<void>
}

export const startRelay = async (): Promise<RelayAndReader> => {
  const [server, reader] = await Promise.all([
    RoleProcess.start<RelayServer>('relay-server'),
    RoleProcess.start<RelayReader>('relay-reader'),
  ])
  const url = await server.call.start()
  return {
    fill: (room, texts) => server.call.fill(room, texts),
    join: (rooms) => reader.call.join(url, rooms),
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
