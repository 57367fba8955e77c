/**
 * Frames of the multiplexed socket, one per WebSocket message. `write…` and `read…` of a frame
 * stand side by side. Rules: docs/protocol.md, "Frames".
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { isWriter, type Writer } from '../ids/client-id.ts'
import {
  type DeviceId,
  type DocName,
  parseDeviceId,
  parseDocName,
  parseUserId,
  type UserId,
} from '../ids/ids.ts'
import { encode } from '../update/encode.ts'

export const PROTOCOL_VERSION = 1

/**
 * Largest frame of a client, in bytes. A frame of the server is larger only when a single update
 * is: a snapshot of a document is one update.
 */
export const MAX_FRAME = 1024 * 1024
/** Largest first frame, in bytes: before it nobody has said who they are. */
export const MAX_HELLO = 4096

export type ClientFrame =
  | {
      type: 'hello'
      version: number
      /** Access token. */
      token: string
      device: DeviceId
      writer: Writer
      /** Epoch and cursor of the last welcome or cursor frame that the device keeps, or ''. */
      epoch: string
      cursor: string
    }
  | {
      type: 'open'
      channel: number
      doc: DocName
      /** The device has all updates up to this head; 0 for none. */
      head: number
      /** Its Yjs state vector, for when the rows after `head` are gone; empty with head 0. */
      stateVector: Uint8Array
    }
  | { type: 'close'; channel: number }
  /** Numbered by their order on the channel, from 1. */
  | { type: 'update'; channel: number; update: Uint8Array }
  | { type: 'awareness'; channel: number; update: Uint8Array }
  | { type: 'renew'; token: string }
  | { type: 'ping' }

export interface DocHead {
  doc: DocName
  head: number
}

export interface PersonPresence {
  user: UserId
  online: boolean
  /** When they were last online, ms; 0 when that is not known, or they are now. */
  lastSeenAt: number
}

export type ServerFrame =
  | {
      type: 'welcome'
      user: UserId
      /** Milliseconds since 1970. */
      serverTime: number
      tokenExpiresAt: number
      epoch: string
      cursor: string
      /** Whether `docs` names every document of the user, not only what moved since the cursor. */
      complete: boolean
      docs: DocHead[]
    }
  /** Heads that moved while no channel of this connection was open on them. */
  | { type: 'changed'; docs: DocHead[] }
  /** Everything up to this cursor has been sent or announced. */
  | { type: 'cursor'; cursor: string }
  /** Updates in order; after the last one the device has everything up to `head`. */
  | { type: 'rows'; channel: number; head: number; updates: Uint8Array[] }
  /** Everything up to `head` has been sent, and this many update frames of the channel are in. */
  | { type: 'head'; channel: number; head: number; accepted: number }
  | { type: 'reject'; channel: number; frame: number; code: string; message: string }
  | { type: 'awareness'; channel: number; update: Uint8Array }
  | { type: 'presence'; people: PersonPresence[] }
  | { type: 'renewed'; tokenExpiresAt: number }
  /** The server closed the channel; the code is one of {@link CloseCode}. */
  | { type: 'closed'; channel: number; code: number; reason: string }
  | { type: 'pong' }

const client = { hello: 0, open: 1, close: 2, update: 3, awareness: 4, renew: 5, ping: 6 } as const
const server = {
  welcome: 0,
  changed: 1,
  cursor: 2,
  rows: 3,
  head: 4,
  reject: 5,
  awareness: 6,
  presence: 7,
  renewed: 8,
  closed: 9,
  pong: 10,
} as const

/** A frame that is none: broken bytes, an unknown type, or a value that is out of bounds. */
export class FrameError extends Error {
  override readonly name: string = 'FrameError'
}

/** The other side speaks a version that this one does not. */
export class VersionError extends FrameError {
  override readonly name = 'VersionError'
}

export const writeClientFrame = (frame: ClientFrame): Uint8Array =>
  encode((encoder) => {
    encoding.writeVarUint(encoder, client[frame.type])
    switch (frame.type) {
      case 'hello':
        encoding.writeVarUint(encoder, frame.version)
        encoding.writeVarString(encoder, frame.token)
        encoding.writeVarString(encoder, frame.device)
        encoding.writeVarUint(encoder, frame.writer)
        encoding.writeVarString(encoder, frame.epoch)
        encoding.writeVarString(encoder, frame.cursor)
        return
      case 'open':
        encoding.writeVarUint(encoder, frame.channel)
        encoding.writeVarString(encoder, frame.doc)
        encoding.writeVarUint(encoder, frame.head)
        encoding.writeVarUint8Array(encoder, frame.stateVector)
        return
      case 'close':
        encoding.writeVarUint(encoder, frame.channel)
        return
      case 'update':
      case 'awareness':
        encoding.writeVarUint(encoder, frame.channel)
        encoding.writeVarUint8Array(encoder, frame.update)
        return
      case 'renew':
        encoding.writeVarString(encoder, frame.token)
        return
      case 'ping':
        return
    }
  })

/** @throws FrameError */
export const readClientFrame = (bytes: Uint8Array): ClientFrame =>
  reading(bytes, (decoder): ClientFrame => {
    switch (decoding.readVarUint(decoder)) {
      case client.hello: {
        const version = decoding.readVarUint(decoder)
        // A later version may have more to say; that we do not speak it is all we need to know.
        if (version !== PROTOCOL_VERSION) throw new VersionError(`unknown version ${version}`)
        return {
          type: 'hello',
          version,
          token: decoding.readVarString(decoder),
          device: checked(parseDeviceId(decoding.readVarString(decoder)), 'device'),
          writer: readWriter(decoder),
          epoch: decoding.readVarString(decoder),
          cursor: decoding.readVarString(decoder),
        }
      }
      case client.open:
        return {
          type: 'open',
          channel: decoding.readVarUint(decoder),
          doc: readDocName(decoder),
          head: decoding.readVarUint(decoder),
          stateVector: decoding.readVarUint8Array(decoder).slice(),
        }
      case client.close:
        return { type: 'close', channel: decoding.readVarUint(decoder) }
      case client.update:
        return {
          type: 'update',
          channel: decoding.readVarUint(decoder),
          update: decoding.readVarUint8Array(decoder).slice(),
        }
      case client.awareness:
        return {
          type: 'awareness',
          channel: decoding.readVarUint(decoder),
          update: decoding.readVarUint8Array(decoder).slice(),
        }
      case client.renew:
        return { type: 'renew', token: decoding.readVarString(decoder) }
      case client.ping:
        return { type: 'ping' }
      default:
        throw new FrameError('unknown frame type')
    }
  })

export const writeServerFrame = (frame: ServerFrame): Uint8Array =>
  encode((encoder) => {
    encoding.writeVarUint(encoder, server[frame.type])
    switch (frame.type) {
      case 'welcome':
        encoding.writeVarString(encoder, frame.user)
        encoding.writeVarUint(encoder, frame.serverTime)
        encoding.writeVarUint(encoder, frame.tokenExpiresAt)
        encoding.writeVarString(encoder, frame.epoch)
        encoding.writeVarString(encoder, frame.cursor)
        encoding.writeUint8(encoder, frame.complete ? 1 : 0)
        writeHeads(encoder, frame.docs)
        return
      case 'changed':
        writeHeads(encoder, frame.docs)
        return
      case 'cursor':
        encoding.writeVarString(encoder, frame.cursor)
        return
      case 'rows':
        encoding.writeVarUint(encoder, frame.channel)
        encoding.writeVarUint(encoder, frame.head)
        encoding.writeVarUint(encoder, frame.updates.length)
        for (const update of frame.updates) encoding.writeVarUint8Array(encoder, update)
        return
      case 'head':
        encoding.writeVarUint(encoder, frame.channel)
        encoding.writeVarUint(encoder, frame.head)
        encoding.writeVarUint(encoder, frame.accepted)
        return
      case 'reject':
        encoding.writeVarUint(encoder, frame.channel)
        encoding.writeVarUint(encoder, frame.frame)
        encoding.writeVarString(encoder, frame.code)
        encoding.writeVarString(encoder, frame.message)
        return
      case 'awareness':
        encoding.writeVarUint(encoder, frame.channel)
        encoding.writeVarUint8Array(encoder, frame.update)
        return
      case 'presence':
        encoding.writeVarUint(encoder, frame.people.length)
        for (const person of frame.people) {
          encoding.writeVarString(encoder, person.user)
          encoding.writeUint8(encoder, person.online ? 1 : 0)
          encoding.writeVarUint(encoder, person.lastSeenAt)
        }
        return
      case 'renewed':
        encoding.writeVarUint(encoder, frame.tokenExpiresAt)
        return
      case 'closed':
        encoding.writeVarUint(encoder, frame.channel)
        encoding.writeVarUint(encoder, frame.code)
        encoding.writeVarString(encoder, frame.reason)
        return
      case 'pong':
        return
    }
  })

/** @throws FrameError */
export const readServerFrame = (bytes: Uint8Array): ServerFrame =>
  reading(bytes, (decoder): ServerFrame => {
    switch (decoding.readVarUint(decoder)) {
      case server.welcome:
        return {
          type: 'welcome',
          user: checked(parseUserId(decoding.readVarString(decoder)), 'user'),
          serverTime: decoding.readVarUint(decoder),
          tokenExpiresAt: decoding.readVarUint(decoder),
          epoch: decoding.readVarString(decoder),
          cursor: decoding.readVarString(decoder),
          complete: decoding.readUint8(decoder) === 1,
          docs: readHeads(decoder),
        }
      case server.changed:
        return { type: 'changed', docs: readHeads(decoder) }
      case server.cursor:
        return { type: 'cursor', cursor: decoding.readVarString(decoder) }
      case server.rows: {
        const channel = decoding.readVarUint(decoder)
        const head = decoding.readVarUint(decoder)
        const updates: Uint8Array[] = []
        for (let left = decoding.readVarUint(decoder); left > 0; left--)
          updates.push(decoding.readVarUint8Array(decoder).slice())
        return { type: 'rows', channel, head, updates }
      }
      case server.head:
        return {
          type: 'head',
          channel: decoding.readVarUint(decoder),
          head: decoding.readVarUint(decoder),
          accepted: decoding.readVarUint(decoder),
        }
      case server.reject:
        return {
          type: 'reject',
          channel: decoding.readVarUint(decoder),
          frame: decoding.readVarUint(decoder),
          code: decoding.readVarString(decoder),
          message: decoding.readVarString(decoder),
        }
      case server.awareness:
        return {
          type: 'awareness',
          channel: decoding.readVarUint(decoder),
          update: decoding.readVarUint8Array(decoder).slice(),
        }
      case server.presence: {
        const people: PersonPresence[] = []
        for (let left = decoding.readVarUint(decoder); left > 0; left--)
          people.push({
            user: checked(parseUserId(decoding.readVarString(decoder)), 'user'),
            online: decoding.readUint8(decoder) === 1,
            lastSeenAt: decoding.readVarUint(decoder),
          })
        return { type: 'presence', people }
      }
      case server.renewed:
        return { type: 'renewed', tokenExpiresAt: decoding.readVarUint(decoder) }
      case server.closed:
        return {
          type: 'closed',
          channel: decoding.readVarUint(decoder),
          code: decoding.readVarUint(decoder),
          reason: decoding.readVarString(decoder),
        }
      case server.pong:
        return { type: 'pong' }
      default:
        throw new FrameError('unknown frame type')
    }
  })

const writeHeads = (encoder: encoding.Encoder, docs: readonly DocHead[]): void => {
  encoding.writeVarUint(encoder, docs.length)
  for (const { doc, head } of docs) {
    encoding.writeVarString(encoder, doc)
    encoding.writeVarUint(encoder, head)
  }
}

const readHeads = (decoder: decoding.Decoder): DocHead[] => {
  const docs: DocHead[] = []
  for (let left = decoding.readVarUint(decoder); left > 0; left--)
    docs.push({ doc: readDocName(decoder), head: decoding.readVarUint(decoder) })
  return docs
}

const readDocName = (decoder: decoding.Decoder): DocName => {
  const name = decoding.readVarString(decoder)
  if (parseDocName(name) === undefined) throw new FrameError('not a document name')
  return name as DocName
}

const readWriter = (decoder: decoding.Decoder): Writer => {
  const writer = decoding.readVarUint(decoder)
  if (!isWriter(writer)) throw new FrameError('not a writer')
  return writer
}

const checked = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new FrameError(`not a ${what}`)
  return value
}

/** Runs a reader over the whole frame; every failure of the decoder becomes a FrameError. */
const reading = <T>(bytes: Uint8Array, read: (decoder: decoding.Decoder) => T): T => {
  const decoder = decoding.createDecoder(bytes)
  try {
    const frame = read(decoder)
    if (decoding.hasContent(decoder)) throw new FrameError('bytes after the end')
    return frame
  } catch (error) {
    if (error instanceof FrameError) throw error
    throw new FrameError('broken frame', { cause: error })
  }
}
