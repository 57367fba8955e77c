/** In which order a device fetches what it lacks; what is fetched is tried with a real server. */
import { expect, it } from 'vitest'
import {
  type ChatId,
  chatDoc,
  type DeviceId,
  type DocName,
  directChatId,
  pageDoc,
  parseMonth,
  parseUserId,
  userDoc,
} from '../base/ids.ts'
import type { ClientFrame, ServerFrame } from '../protocol/frames.ts'
import { type SyncHost, SyncMachine } from './sync-machine.ts'

const ada = parseUserId('dr-ada')!
const chatWith = (name: string): ChatId => directChatId(parseUserId(`patient-${name}`)!, ada)
const page = (name: string, month: string): DocName => pageDoc(chatWith(name), parseMonth(month)!)

const welcome = (docs: readonly DocName[]): ServerFrame => ({
  type: 'welcome',
  user: ada,
  serverTime: 0,
  tokenExpiresAt: 1_000_000,
  epoch: 'epoch',
  cursor: '1.1',
  complete: true,
  docs: docs.map((doc) => ({ doc, head: 1 })),
})

/** A machine on a connection; every document that it opens is there at once. */
const start = (
  docs: readonly DocName[],
  wanted: readonly DocName[] = [],
  taking: (opened: number) => number = () => 0,
) => {
  const sent: ClientFrame[] = []
  const nothing = (): void => {}
  const host: SyncHost = {
    send: (frame) => void sent.push(frame),
    canTake: () => true,
    hasRoom: () => true,
    taking: () => taking(opened().length),
    ...{ welcomed: nothing, renewed: nothing, received: nothing, caughtUp: nothing },
    ...{ accepted: nothing, learned: nothing, confirmed: nothing, newEpoch: nothing },
    ...{ rejected: nothing, denied: nothing, awareness: nothing, presence: nothing },
    changed: nothing,
  }
  const opened = (): DocName[] =>
    sent.flatMap((frame) => (frame.type === 'open' ? [frame.doc] : []))
  const machine = new SyncMachine(host, { epoch: '', cursor: '' }, [])
  machine.want(new Set(wanted))
  machine.opened({ token: 'token', device: 'device00' as DeviceId, writer: 1 })
  machine.received(welcome(docs))
  for (let answered = 0; answered < opened().length; answered++)
    machine.received({ type: 'head', channel: answered + 1, head: 1, accepted: 0 })
  return { machine, opened }
}

it('fetches what a list needs first: names, the newest month of each chat by what moved last, its past after', () => {
  const docs = [
    page('pat', '2026-09'),
    page('pat', '2026-11'),
    chatDoc(chatWith('pat')),
    page('kim', '2026-10'),
    page('kim', '2026-08'),
    chatDoc(chatWith('kim')),
    page('lee', '2026-11'),
    chatDoc(chatWith('lee')),
    userDoc(ada),
  ]
  expect(start(docs).opened()).toEqual([
    userDoc(ada),
    page('pat', '2026-11'),
    page('kim', '2026-10'),
    page('lee', '2026-11'),
    chatDoc(chatWith('pat')),
    chatDoc(chatWith('kim')),
    chatDoc(chatWith('lee')),
    page('pat', '2026-09'),
    page('kim', '2026-08'),
  ])
})

it('fetches what is on screen before all', () => {
  const docs = [
    userDoc(ada),
    page('pat', '2026-11'),
    page('pat', '2026-09'),
    page('kim', '2026-10'),
  ]
  const { opened } = start(docs, [page('pat', '2026-09')])
  expect(opened()).toEqual([
    page('pat', '2026-09'),
    userDoc(ada),
    page('pat', '2026-11'),
    page('kim', '2026-10'),
  ])
})

it('asks for no more while it takes in a screenful, but for what is on screen', () => {
  const names = Array.from({ length: 40 }, (_, i) => `n${i}`)
  const docs = [userDoc(ada), ...names.map((name) => page(name, '2026-11'))]
  let stored = 0
  const { machine, opened } = start(docs, [], (count) => count - stored)
  expect(opened()).toEqual(docs.slice(0, 16))
  stored = 2
  machine.resume()
  expect(opened()).toEqual(docs.slice(0, 18))
  machine.want(new Set([page('n39', '2026-11')]))
  expect(opened().slice(18)).toEqual([page('n39', '2026-11')])
})
