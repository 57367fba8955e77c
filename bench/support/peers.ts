/** What is measured side by side: a limit of the runtime, what others chat through, and Wardline. */
import { type ChatLoad, peerLoad, wardlineLoad } from './chat-load.ts'
import type { Pair } from './clinic.ts'
import { type Inbox, peerInbox, type WardlineInboxOptions, wardlineInbox } from './inbox.ts'

export const PEERS = [
  'relay',
  'socketio',
  'socketio-level',
  'y-websocket',
  'hocuspocus',
  'wardline',
] as const

export type Peer = (typeof PEERS)[number]

export const TITLES: Readonly<Record<Peer, string>> = {
  relay: 'bare `ws` relay',
  socketio: 'Socket.IO',
  'socketio-level': 'Socket.IO + LevelDB',
  'y-websocket': 'y-websocket-server',
  hocuspocus: 'Hocuspocus',
  wardline: 'Wardline',
}

const ROLES = {
  relay: { server: 'relay-server', load: 'relay-load', reader: 'relay-reader' },
  socketio: {
    server: 'peers/socketio-server',
    load: 'peers/socketio-load',
    reader: 'peers/socketio-reader',
  },
  'socketio-level': {
    server: 'peers/socketio-level-server',
    load: 'peers/socketio-load',
    reader: 'peers/socketio-reader',
  },
  'y-websocket': {
    server: 'peers/y-websocket-server',
    load: 'peers/y-websocket-load',
    reader: 'peers/y-websocket-reader',
  },
  hocuspocus: {
    server: 'peers/hocuspocus-server',
    load: 'peers/hocuspocus-load',
    reader: 'peers/hocuspocus-reader',
  },
} as const satisfies Record<Exclude<Peer, 'wardline'>, Readonly<Record<string, string>>>

/** @param app whether Wardline's people have the app's client */
export const loadOf = (peer: Peer, chats: number, app = false): Promise<ChatLoad> =>
  peer === 'wardline' ? wardlineLoad(app, chats) : peerLoad(ROLES[peer])

/** Servers that have nothing left of what was said when they are started again. */
const FORGETFUL: readonly Peer[] = ['relay', 'socketio']

export const inboxOf = (
  peer: Peer,
  people: readonly Pair[],
  options?: WardlineInboxOptions,
): Promise<Inbox> =>
  peer === 'wardline'
    ? wardlineInbox(people, options)
    : peerInbox(ROLES[peer], !FORGETFUL.includes(peer))

export const isInstalledApart = (peer: Peer): boolean => peer !== 'relay' && peer !== 'wardline'
