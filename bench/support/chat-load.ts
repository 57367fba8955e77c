/** Wardline and the relay, each with a load generator, all of them processes of their own. */
import type { RelayLoad } from '../roles/relay-load.ts'
import type { RelayServer } from '../roles/relay-server.ts'
import type { WardlineLoad } from '../roles/wardline-load.ts'
import type { WardlineServer } from '../roles/wardline-server.ts'
import { type Pair, pairs } from './clinic.ts'
import type { Load, Measured } from './pacer.ts'
import { RoleProcess, type Usage } from './processes.ts'
import { startWardline } from './wardline.ts'

export interface Contestant {
  readonly name: string
  /** @param open whether the two have the chat on screen, or are just there */
  connect(chats: number, open?: boolean): Promise<void>
  run(load: Load): Promise<Measured>
  disconnect(): Promise<void>
  /** Resolves with what is left in use, bytes. */
  collectGarbage(): Promise<number>
  resetPeak(): void
  server(): Usage
  generator(): Usage
  end(): Promise<void>
}

const tokensOf = async (
  server: RoleProcess<WardlineServer>,
  people: readonly Pair[],
): Promise<[string, string][]> => {
  const [patients, doctors] = await Promise.all([
    server.call.tokens(people.map(({ patient }) => patient)),
    server.call.tokens(people.map(({ doctor }) => doctor)),
  ])
  return people.map((_, i) => [patients[i] ?? '', doctors[i] ?? ''])
}

/** @param most as many chats as there will be; a server that has just started knows them */
export const wardline = async (most: number): Promise<Contestant> => {
  const [server, load] = await Promise.all([
    startWardline(),
    RoleProcess.start<WardlineLoad>('wardline-load'),
  ])
  await server.process.call.people(pairs(most))
  await server.restart()
  return {
    name: 'wardline',
    async connect(chats, open = true) {
      const people = pairs(chats)
      const tokens = await tokensOf(server.process, people)
      await load.call.connect({ url: server.url, tokens }, people, open)
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

export const relay = async (): Promise<Contestant> => {
  const [server, load] = await Promise.all([
    RoleProcess.start<RelayServer>('relay-server'),
    RoleProcess.start<RelayLoad>('relay-load'),
  ])
  const url = await server.call.start()
  return {
    name: 'bare ws relay',
    connect: (chats) => load.call.connect(url, pairs(chats)),
    run: (plan) => load.call.run(plan),
    disconnect: () => load.call.disconnect(),
    collectGarbage: () => server.call.collectGarbage(),
    resetPeak: () => server.resetPeak(),
    server: () => server.usage(),
    generator: () => load.usage(),
    async end() {
      await load.end()
      await server.end()
    },
  }
}

export const contestants = [relay, wardline] as const
