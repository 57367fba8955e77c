/**
 * Messages of the plain endpoint, as y-protocols writes them. Source: y-protocols 1.0 (sync.js),
 * y-websocket 3.1.
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

export type PlainMessage =
  | { readonly type: 'step1'; readonly stateVector: Uint8Array }
  /** The second step and every later update: the same to us. */
  | { readonly type: 'update'; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  | { readonly type: 'query-awareness' }
  /** Of a kind that has no meaning from a client. */
  | { readonly type: 'ignored' }

const message = { sync: 0, awareness: 1, auth: 2, queryAwareness: 3 } as const
const sync = { step1: 0, step2: 1, update: 2 } as const

/** Undefined for bytes that are no message. */
export const readPlainMessage = (bytes: Uint8Array): PlainMessage | undefined => {
  try {
    const decoder = decoding.createDecoder(bytes)
    switch (decoding.readVarUint(decoder)) {
      case message.sync:
        switch (decoding.readVarUint(decoder)) {
          case sync.step1:
            return { type: 'step1', stateVector: readBytes(decoder) }
          case sync.step2:
          case sync.update:
            return { type: 'update', update: readBytes(decoder) }
          default:
            return undefined
        }
      case message.awareness:
        return { type: 'awareness', update: readBytes(decoder) }
      case message.queryAwareness:
        return { type: 'query-awareness' }
      case message.auth:
        return { type: 'ignored' }
      default:
        return undefined
    }
  } catch {
    return undefined
  }
}

const readBytes = (decoder: decoding.Decoder): Uint8Array => {
  const bytes = decoding.readVarUint8Array(decoder).slice()
  if (decoding.hasContent(decoder)) throw new Error('bytes after the end')
  return bytes
}

const writeSync = (kind: number, bytes: Uint8Array): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, message.sync)
    encoding.writeVarUint(encoder, kind)
    encoding.writeVarUint8Array(encoder, bytes)
  })

export const writeStep1 = (stateVector: Uint8Array): Uint8Array =>
  writeSync(sync.step1, stateVector)

export const writeStep2 = (update: Uint8Array): Uint8Array => writeSync(sync.step2, update)

export const writePlainUpdate = (update: Uint8Array): Uint8Array => writeSync(sync.update, update)

export const writePlainAwareness = (update: Uint8Array): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, message.awareness)
    encoding.writeVarUint8Array(encoder, update)
  })
