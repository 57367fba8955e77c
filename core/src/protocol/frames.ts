/**
 * Frames of the multiplexed socket, one per WebSocket message: what each says, and its fields in
 * the order in which they are written and read. Rules: docs/protocol.md, "Frames".
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import type { Writer } from '../base/client-id.ts'
import {
  type DeviceId,
  type DocName,
  parseDeviceId,
  parseUserId,
  type UserId,
} from '../base/ids.ts'
import { encode, lend } from '../update/encode.ts'
import {
  bytes,
  docName,
  type Field,
  FrameError,
  flag,
  id,
  list,
  record,
  text,
  uint,
  writer,
} from './frame-fields.ts'

export { FrameError } from './frame-fields.ts'

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

/** The other side speaks a version that this one does not. */
export class VersionError extends FrameError {
  override readonly name = 'VersionError'
}

/** For each type of frame its number on the wire, and its fields. */
type Frames<F extends { type: string }> = {
  readonly [T in F['type']]: readonly [
    number: number,
    fields: Field<Omit<Extract<F, { type: T }>, 'type'>>,
  ]
}

const device = id(parseDeviceId, 'device')
const user = id(parseUserId, 'user')
const heads = list<DocHead>(record({ doc: docName, head: uint }))
const updates = list(bytes)
const presence = record<PersonPresence>({ user, online: flag, lastSeenAt: uint })

const version: Field<number> = {
  write: uint.write,
  read(decoder) {
    const value = uint.read(decoder)
    // A later version may have more to say; that we do not speak it is all we need to know.
    if (value !== PROTOCOL_VERSION) throw new VersionError(`unknown version ${value}`)
    return value
  },
}

// The three that there are most of, each in one piece: {@link record} goes from field to field.

const update: Field<Omit<Extract<ClientFrame, { type: 'update' }>, 'type'>> = {
  write(encoder, frame) {
    encoding.writeVarUint(encoder, frame.channel)
    encoding.writeVarUint8Array(encoder, frame.update)
  },
  read: (decoder) => ({ channel: decoding.readVarUint(decoder), update: bytes.read(decoder) }),
}

const rows: Field<Omit<Extract<ServerFrame, { type: 'rows' }>, 'type'>> = {
  write(encoder, frame) {
    encoding.writeVarUint(encoder, frame.channel)
    encoding.writeVarUint(encoder, frame.head)
    encoding.writeVarUint(encoder, frame.updates.length)
    for (const update of frame.updates) encoding.writeVarUint8Array(encoder, update)
  },
  read(decoder) {
    const channel = decoding.readVarUint(decoder)
    return { channel, head: decoding.readVarUint(decoder), updates: updates.read(decoder) }
  },
}

const head: Field<Omit<Extract<ServerFrame, { type: 'head' }>, 'type'>> = {
  write(encoder, frame) {
    encoding.writeVarUint(encoder, frame.channel)
    encoding.writeVarUint(encoder, frame.head)
    encoding.writeVarUint(encoder, frame.accepted)
  },
  read(decoder) {
    const channel = decoding.readVarUint(decoder)
    const head = decoding.readVarUint(decoder)
    return { channel, head, accepted: decoding.readVarUint(decoder) }
  },
}

const clientFrames: Frames<ClientFrame> = {
  hello: [0, record({ version, token: text, device, writer, epoch: text, cursor: text })],
  open: [1, record({ channel: uint, doc: docName, head: uint, stateVector: bytes })],
  close: [2, record({ channel: uint })],
  update: [3, update],
  awareness: [4, record({ channel: uint, update: bytes })],
  renew: [5, record({ token: text })],
  ping: [6, record({})],
}

const serverFrames: Frames<ServerFrame> = {
  welcome: [
    0,
    record({
      user,
      serverTime: uint,
      tokenExpiresAt: uint,
      epoch: text,
      cursor: text,
      complete: flag,
      docs: heads,
    }),
  ],
  changed: [1, record({ docs: heads })],
  cursor: [2, record({ cursor: text })],
  rows: [3, rows],
  head: [4, head],
  reject: [5, record({ channel: uint, frame: uint, code: text, message: text })],
  awareness: [6, record({ channel: uint, update: bytes })],
  presence: [7, record({ people: list(presence) })],
  renewed: [8, record({ tokenExpiresAt: uint })],
  closed: [9, record({ channel: uint, code: uint, reason: text })],
  pong: [10, record({})],
}

const writing =
  <F extends { type: string }>(frames: Frames<F>) =>
  (encoder: encoding.Encoder, frame: F): void => {
    const [number, fields] = frames[frame.type as F['type']]
    encoding.writeVarUint(encoder, number)
    fields.write(encoder, frame as never)
  }

/** Reads the whole frame; every failure of the decoder becomes a FrameError. */
const reading = <F extends { type: string }>(frames: Frames<F>) => {
  const types = Object.entries(frames) as [F['type'], Frames<F>[F['type']]][]
  const byNumber = new Map(types.map(([type, [number, fields]]) => [number, { type, fields }]))
  return (frame: Uint8Array): F => {
    const decoder = decoding.createDecoder(frame)
    try {
      const known = byNumber.get(decoding.readVarUint(decoder))
      if (known === undefined) throw new FrameError('unknown frame type')
      const { type, fields } = known
      const value = fields.read(decoder) as unknown as { type: F['type'] }
      value.type = type
      if (decoding.hasContent(decoder)) throw new FrameError('bytes after the end')
      return value as unknown as F
    } catch (error) {
      if (error instanceof FrameError) throw error
      throw new FrameError('broken frame', { cause: error })
    }
  }
}

const putClientFrame = writing<ClientFrame>(clientFrames)
const putServerFrame = writing<ServerFrame>(serverFrames)

export const writeClientFrame = (frame: ClientFrame): Uint8Array =>
  encode((encoder) => putClientFrame(encoder, frame))
export const writeServerFrame = (frame: ServerFrame): Uint8Array =>
  encode((encoder) => putServerFrame(encoder, frame))

/** Calls `use` with the bytes of a frame, which are no longer those when it returns. */
export const lendServerFrame = (frame: ServerFrame, use: (bytes: Uint8Array) => void): void =>
  lend((encoder) => putServerFrame(encoder, frame), use)

/** @throws FrameError */
export const readClientFrame = reading<ClientFrame>(clientFrames)
/** @throws FrameError */
export const readServerFrame = reading<ServerFrame>(serverFrames)
