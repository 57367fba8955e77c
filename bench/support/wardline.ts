/** A Wardline server in a process of its own, and the access of its people. */
import type { UserId } from '@wardline/core/base/ids'
import type { Person } from '@wardline/core/client/model/views'
import type { Room } from '../roles/wardline-load.ts'
import type { WardlineServer } from '../roles/wardline-server.ts'
import { chatOf, type Pair } from './clinic.ts'
import { type ServerProcess, startServer } from './server-process.ts'

export type WardlineProcess = ServerProcess<WardlineServer>

/** What a person's device has to know. */
export interface Access {
  readonly url: string
  readonly token: string
  readonly person: Person
}

/** @param webRoot folder of the built app; with it come the demo accounts */
export const startWardline = (webRoot?: string): Promise<WardlineProcess> =>
  startServer<WardlineServer>('wardline-server', {
    start: (process, dataDir) => process.call.start(dataDir, webRoot),
    stop: (process) => process.call.stop(),
  })

export const accessOf = async (
  server: WardlineProcess,
  id: UserId,
  role: Person['role'],
): Promise<Access> => {
  const [access] = await accessesOf(server, [id], role)
  if (access === undefined) throw new Error('no token')
  return access
}

export const accessesOf = async (
  { process, url }: WardlineProcess,
  ids: readonly UserId[],
  role: Person['role'],
): Promise<Access[]> => {
  const tokens = await process.call.tokens(ids)
  return ids.map((id, i) => ({ url, token: tokens[i] ?? '', person: { id, name: id, role } }))
}

/** The chats of these pairs, with the access of both. */
export const roomsOf = async (
  server: WardlineProcess,
  people: readonly Pair[],
): Promise<Room[]> => {
  const patients = people.map(({ patient }) => patient)
  const doctors = people.map(({ doctor }) => doctor)
  const [first, second] = await Promise.all([
    accessesOf(server, patients, 'patient'),
    accessesOf(server, doctors, 'doctor'),
  ])
  return people.map((pair, i) => ({
    chat: chatOf(pair),
    members: [first[i], second[i]].filter((access) => access !== undefined),
  }))
}
