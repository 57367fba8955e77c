/** A doctor's chats on a chat server, and the doctor's client, each a process of its own. */
import { randomBytes } from 'node:crypto'
import { writerFrom } from '@wardline/core/base/client-id'
import { type Month, monthOf, pageDoc } from '@wardline/core/base/ids'
import { textOf, WrittenPage } from '../../tests/support/written-page.ts'
import type { OnScreen, Wanted, WardlineReader } from '../roles/wardline-reader.ts'
import { chatOf, type Pair } from './clinic.ts'
import type { Cost, PeerReader, Served } from './peer-roles.ts'
import { startPeer } from './peer-server.ts'
import { RoleProcess } from './processes.ts'
import { accessOf, startWardline } from './wardline.ts'

/** So many messages are, or are to be, in each of these chats. */
export interface Filled {
  readonly people: readonly Pair[]
  readonly messages: number
}

export interface Inbox {
  /** Messages are written in these chats while nobody is there, until they have so many. */
  fill(wanted: Filled): Promise<void>
  /** The server starts again, where it keeps what was said. */
  restart(): Promise<void>
  /** The doctor's client starts, or comes back; until it has all. */
  join(wanted: readonly Filled[]): Promise<Cost & Record<string, number>>
  leave(): Promise<void>
  /** Asks the client in another way whether it has all. */
  verify(wanted: readonly Filled[]): Promise<void>
  end(): Promise<void>
}

/** @param keeps whether its server keeps what was said when it is started again */
export const peerInbox = async (
  roles: { server: string; reader: string },
  keeps: boolean,
): Promise<Inbox> => {
  const [server, reader] = await Promise.all([
    startPeer(roles.server),
    RoleProcess.start<Served<PeerReader>>(roles.reader),
  ])
  const filled = new Map<Pair, number>()
  return {
    async fill({ people, messages }) {
      const from = filled.get(people[0] as Pair) ?? 0
      await server.process.call.fill(people.map(chatOf), from, messages)
      for (const pair of people) filled.set(pair, messages)
    },
    async restart() {
      if (keeps) await server.restart()
    },
    async join(wanted) {
      const chats = wanted.flatMap(({ people, messages }) =>
        people.map((pair) => ({ name: chatOf(pair), messages })),
      )
      return { ...(await reader.call.join(server.url, chats)) }
    },
    leave: () => reader.call.leave(),
    async verify() {},
    async end() {
      await reader.end()
      await server.remove()
    },
  }
}

const beginningOf = (message: number): string => textOf(message).slice(0, 20)

export interface WardlineInboxOptions {
  /** Whether the first chat is on screen. */
  readonly open?: boolean
  /** Over which the messages of a chat are spread, those of now the last; the last takes what is added. */
  readonly months?: number
  /** Whether the doctor's app stays when they leave, or is closed. */
  readonly stays?: boolean
}

export const wardlineInbox = async (
  people: readonly Pair[],
  { open = false, months = 1, stays = false }: WardlineInboxOptions = {},
): Promise<Inbox> => {
  const [server, reader] = await Promise.all([
    startWardline(),
    RoleProcess.start<WardlineReader>('wardline-reader'),
  ])
  await server.process.call.people(people)
  const chats = new Map(people.map((pair) => [pair, pagesOf(pair, months)]))
  const [first] = people
  if (first === undefined) throw new Error('nobody is there')
  let runs = false
  const wantedOf = ({ people }: Filled): Wanted[] =>
    people.map((pair) => ({ chat: chatOf(pair), last: beginningOf(lastNumber(pair)), months }))
  const lastNumber = (pair: Pair) => (chats.get(pair)?.at(-1)?.written.messages ?? 0) - 1
  const screenOf = (): OnScreen => ({
    chat: chatOf(first),
    messages: lastNumber(first) + 1,
    last: beginningOf(lastNumber(first)),
  })
  return {
    async fill({ people, messages }) {
      const pages = people.flatMap((pair) => {
        const all = chats.get(pair) ?? []
        let more = messages - all.reduce((sum, { written }) => sum + written.messages, 0)
        const isNew = more === messages
        const share = Math.ceil(more / months)
        return (isNew ? all : all.slice(-1)).map((page) => {
          const count = isNew ? Math.min(share, more) : more
          more -= count
          return { ...page, count }
        })
      })
      const updates = pages.map(async ({ doc, written, count }) => ({
        doc,
        updates: await written.write(count),
      }))
      await server.process.call.fill(await Promise.all(updates))
      await server.process.call.compacted(pages.map(({ doc }) => doc))
    },
    restart: () => server.restart(),
    async join(wanted) {
      const all = wanted.flatMap(wantedOf)
      const onScreen = open ? screenOf() : undefined
      const cost = runs
        ? await reader.call.comeBack(all, onScreen)
        : await reader.call.start(await accessOf(server, first.doctor, 'doctor'), all, onScreen)
      runs = true
      return { ...cost }
    },
    async leave() {
      if (stays) return reader.call.goOffline()
      runs = false
      await reader.call.end()
    },
    async verify(wanted) {
      for (const { people, messages } of wanted) {
        const some = people.slice(-2).map(chatOf)
        for (const count of await reader.call.count(some))
          if (count !== messages) throw new Error(`${count} messages instead of ${messages}`)
      }
    },
    async end() {
      await reader.end()
      await server.remove()
    },
  }
}

const monthsBack = (count: number): Month[] =>
  Array.from({ length: count }, (_, i) => {
    const now = new Date()
    return monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (count - 1 - i), 15))
  })

const pagesOf = (pair: Pair, months: number) =>
  monthsBack(months).map((month) => ({
    doc: pageDoc(chatOf(pair), month),
    written: new WrittenPage(month, () => writerFrom(randomBytes(5))),
  }))
