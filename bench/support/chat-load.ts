/** A chat server with a load generator, each a process of its own. */

import type { WardlineAppLoad } from '../roles/wardline-app-load.ts'
import type { WardlineLoad } from '../roles/wardline-load.ts'
import { pairs } from './clinic.ts'
import type { Load, Measured } from './pacer.ts'
import type { PeerLoad, Presence, Served } from './peer-roles.ts'
import { startPeer } from './peer-server.ts'
import { RoleProcess, type Usage } from './processes.ts'
import { roomsOf, startWardline } from './wardline.ts'

export interface ChatLoad {
  connect(chats: number, presence?: Presence): Promise<void>
  run(load: Load): Promise<Measured>
  disconnect(): Promise<void>
  /** Resolves with what is left in use, bytes. */
  collectGarbage(): Promise<number>
  resetPeak(): void
  server(): Usage
  generator(): Usage
  end(): Promise<void>
}

const ON_SCREEN: Presence = { open: true, receipts: false }

/** @param roles of its server and its load generator */
export const peerLoad = async (roles: { server: string; load: string }): Promise<ChatLoad> => {
  const [server, load] = await Promise.all([
    startPeer(roles.server),
    RoleProcess.start<Served<PeerLoad>>(roles.load),
  ])
  return {
    connect: (chats, presence = ON_SCREEN) => load.call.connect(server.url, pairs(chats), presence),
    run: (plan) => load.call.run(plan),
    disconnect: () => load.call.disconnect(),
    collectGarbage: () => server.process.call.collectGarbage(),
    resetPeak: () => server.process.resetPeak(),
    server: () => server.process.usage(),
    generator: () => load.usage(),
    async end() {
      await load.end()
      await server.remove()
    },
  }
}

/**
 * @param app whether its people have the app's client, or the least that the protocol asks for
 * @param most as many chats as there will be; a server that has just started knows them
 */
export const wardlineLoad = async (app: boolean, most: number): Promise<ChatLoad> => {
  const [server, load] = await Promise.all([
    startWardline(),
    app
      ? RoleProcess.start<WardlineAppLoad>('wardline-app-load')
      : RoleProcess.start<WardlineLoad>('wardline-load'),
  ])
  await server.process.call.people(pairs(most))
  await server.restart()
  return {
    async connect(chats, presence = ON_SCREEN) {
      await load.call.connect(await roomsOf(server, pairs(chats)), presence)
    },
    run: (plan) => load.call.run(plan),
    disconnect: () => load.call.disconnect(),
    collectGarbage: () => server.process.call.collectGarbage(),
    resetPeak: () => server.process.resetPeak(),
    server: () => server.process.usage(),
    generator: () => load.usage(),
    async end() {
      await load.end()
      await server.remove()
    },
  }
}
