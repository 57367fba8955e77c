import { describe, expect, it } from 'vitest'
import type { DeviceId, DocName, UserId } from '../base/ids.ts'
import {
  type ClientFrame,
  FrameError,
  readClientFrame,
  readServerFrame,
  type ServerFrame,
  VersionError,
  writeClientFrame,
  writeServerFrame,
} from './frames.ts'

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

const device = 'device0000000000' as DeviceId
const doc = 'chat/dm.pat-morgan.dr-ada/2026-11' as DocName
const update = Uint8Array.of(1, 2, 3)
const docs = [{ doc, head: 300 }]

/** Every frame, and how it stands on the wire: both sides have to agree for ever. */
const fromClients: [ClientFrame, string][] = [
  [
    { type: 'hello', version: 1, token: 't', device, writer: 7, epoch: 'e', cursor: 'c' },
    '0001017410646576696365303030303030303030300701650163',
  ],
  [
    { type: 'open', channel: 1, doc, head: 300, stateVector: update },
    '010121636861742f646d2e7061742d6d6f7267616e2e64722d6164612f323032362d3131ac0203010203',
  ],
  [{ type: 'close', channel: 1 }, '0201'],
  [{ type: 'update', channel: 200, update }, '03c80103010203'],
  [{ type: 'awareness', channel: 1, update }, '040103010203'],
  [{ type: 'renew', token: 'tok' }, '0503746f6b'],
  [{ type: 'ping' }, '06'],
]
const person = { user: 'dr-ada' as UserId, online: true, lastSeenAt: 1000 }
const fromServers: [ServerFrame, string][] = [
  [
    {
      type: 'welcome',
      user: 'dr-ada' as UserId,
      ...{ serverTime: 1_700_000_000_000, tokenExpiresAt: 5, epoch: 'e', cursor: 'c' },
      ...{ complete: true, docs },
    },
    '000664722d61646180d095ffbc310501650163010121636861742f646d2e7061742d6d6f7267616e2e64722d6164612f323032362d3131ac02',
  ],
  [
    { type: 'changed', docs },
    '010121636861742f646d2e7061742d6d6f7267616e2e64722d6164612f323032362d3131ac02',
  ],
  [{ type: 'cursor', cursor: 'c' }, '020163'],
  [
    { type: 'rows', channel: 1, head: 300, updates: [update, update] },
    '0301ac02020301020303010203',
  ],
  [{ type: 'head', channel: 1, head: 300, accepted: 2 }, '0401ac0202'],
  [{ type: 'reject', channel: 1, frame: 2, code: 'LANE', message: 'no' }, '050102044c414e45026e6f'],
  [{ type: 'awareness', channel: 1, update }, '060103010203'],
  [{ type: 'presence', people: [person] }, '07010664722d61646101e807'],
  [{ type: 'renewed', tokenExpiresAt: 1_700_000_000_000 }, '0880d095ffbc31'],
  [{ type: 'closed', channel: 1, code: 4403, reason: 'gone' }, '0901b32204676f6e65'],
  [{ type: 'pong' }, '0a'],
]

describe('[FRAME-1] a frame', () => {
  it.each(fromClients)('of a client, $type, is these bytes', (frame, bytes) => {
    expect(hex(writeClientFrame(frame))).toBe(bytes)
    expect(readClientFrame(bytesOf(bytes))).toEqual(frame)
  })

  it.each(fromServers)('of the server, $type, is these bytes', (frame, bytes) => {
    expect(hex(writeServerFrame(frame))).toBe(bytes)
    expect(readServerFrame(bytesOf(bytes))).toEqual(frame)
  })

  it('does not hold on to the bytes that it came in', () => {
    const bytes = writeClientFrame({ type: 'update', channel: 1, update })
    const frame = readClientFrame(bytes)
    bytes.fill(0)
    expect(frame).toEqual({ type: 'update', channel: 1, update })
  })

  it.each([
    ['of an unknown type', '63'],
    ['that is cut off', '0301'],
    ['with something behind it', '0600'],
    ['of nothing', ''],
    ['of a document that has no such name', '0101036e6f7000'],
  ])('%s is none', (_, bytes) => {
    expect(() => readClientFrame(bytesOf(bytes))).toThrow(FrameError)
  })

  it('of a later version says so, whatever else it holds', () => {
    expect(() => readClientFrame(bytesOf('0002ffff'))).toThrow(VersionError)
  })
})
