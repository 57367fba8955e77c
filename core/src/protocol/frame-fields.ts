/** What frames are made of: how each kind of value stands on the wire, and sequences of them. */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { isWriter, type Writer } from '../base/client-id.ts'
import { type DocName, parseDocName } from '../base/ids.ts'

/** A frame that is none: broken bytes, an unknown type, or a value that is out of bounds. */
export class FrameError extends Error {
  override readonly name: string = 'FrameError'
}

export interface Field<T> {
  write(encoder: encoding.Encoder, value: T): void
  /** @throws FrameError, or what the decoder throws */
  read(decoder: decoding.Decoder): T
}

export const uint: Field<number> = { write: encoding.writeVarUint, read: decoding.readVarUint }

export const text: Field<string> = {
  write: encoding.writeVarString,
  read: decoding.readVarString,
}

/** An array of its own: the frame's bytes are somebody else's. */
export const bytes: Field<Uint8Array> = {
  write: encoding.writeVarUint8Array,
  read: (decoder) => decoding.readVarUint8Array(decoder).slice(),
}

export const flag: Field<boolean> = {
  write: (encoder, value) => encoding.writeUint8(encoder, value ? 1 : 0),
  read: (decoder) => decoding.readUint8(decoder) === 1,
}

/** A text that `parse` knows. */
export const id = <T extends string>(
  parse: (value: string) => T | undefined,
  what: string,
): Field<T> => ({
  write: text.write,
  read(decoder) {
    const value = parse(text.read(decoder))
    if (value === undefined) throw new FrameError(`not a ${what}`)
    return value
  },
})

export const docName: Field<DocName> = id(
  (name) => (parseDocName(name) === undefined ? undefined : (name as DocName)),
  'document name',
)

export const writer: Field<Writer> = {
  write: uint.write,
  read(decoder) {
    const value = uint.read(decoder)
    if (!isWriter(value)) throw new FrameError('not a writer')
    return value
  },
}

export const list = <T>(item: Field<T>): Field<T[]> => ({
  write(encoder, values) {
    encoding.writeVarUint(encoder, values.length)
    for (const value of values) item.write(encoder, value)
  },
  read(decoder) {
    const values: T[] = []
    for (let left = decoding.readVarUint(decoder); left > 0; left--) values.push(item.read(decoder))
    return values
  },
})

/** Fields one after the other, in the order in which they are given. */
export const record = <T extends object>(
  fields: {
    readonly [K in keyof T]: Field<T[K]>
  },
): Field<T> => {
  const parts = Object.entries(fields) as [keyof T, Field<T[keyof T]>][]
  return {
    write(encoder, value) {
      for (const [name, field] of parts) field.write(encoder, value[name])
    },
    read(decoder) {
      const value: Partial<T> = {}
      for (const [name, field] of parts) value[name] = field.read(decoder)
      return value as T
    },
  }
}
