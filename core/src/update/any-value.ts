/** lib0's "any" values, read within bounds. Source: `readAny` in lib0/decoding. */
import { type ByteReader, ParseRefusal } from './byte-reader.ts'

const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Decodes one value. Byte arrays are views of the input. Throws ParseRefusal, also for object
 * keys that reach a prototype when another reader assigns them, and for keys that come twice.
 */
export const readAnyValue = (reader: ByteReader, depth: number): unknown => {
  const tag = reader.uint8()
  switch (tag) {
    case 127:
      return undefined
    case 126:
      return null
    case 125:
      return reader.varInt()
    case 124:
      return reader.float32()
    case 123:
      return reader.float64()
    case 122:
      return reader.bigInt64()
    case 121:
      return false
    case 120:
      return true
    case 119:
      return reader.text()
    case 118:
      return readObject(reader, deeper(depth))
    case 117:
      return readArray(reader, deeper(depth))
    case 116:
      return reader.view()
    default:
      throw new ParseRefusal('MALFORMED', 'unknown kind of value')
  }
}

const readArray = (reader: ByteReader, depth: number): unknown[] => {
  const length = reader.varUint()
  const values: unknown[] = []
  for (let i = 0; i < length; i++) values.push(readAnyValue(reader, depth))
  return values
}

const readObject = (reader: ByteReader, depth: number): Record<string, unknown> => {
  const length = reader.varUint()
  const object: Record<string, unknown> = {}
  for (let i = 0; i < length; i++) {
    const key = reader.text()
    if (FORBIDDEN_KEYS.has(key)) throw new ParseRefusal('GRAMMAR', 'forbidden object key')
    if (Object.hasOwn(object, key)) throw new ParseRefusal('GRAMMAR', 'object key given twice')
    object[key] = readAnyValue(reader, depth)
  }
  return object
}

/** Steps over one value without making it. */
export const skipAnyValue = (reader: ByteReader, depth: number): void => {
  const tag = reader.uint8()
  switch (tag) {
    case 127:
    case 126:
    case 121:
    case 120:
      return
    case 125:
      reader.varInt()
      return
    case 124:
      reader.skip(4)
      return
    case 123:
    case 122:
      reader.skip(8)
      return
    case 119:
    case 116:
      reader.skipText()
      return
    case 118:
    case 117: {
      const inner = deeper(depth)
      const length = reader.varUint()
      for (let i = 0; i < length; i++) {
        if (tag === 118) reader.skipText()
        skipAnyValue(reader, inner)
      }
      return
    }
    default:
      throw new ParseRefusal('MALFORMED', 'unknown kind of value')
  }
}

const deeper = (depth: number): number => {
  if (depth <= 0) throw new ParseRefusal('TOO_LARGE', 'value nests too deep')
  return depth - 1
}
