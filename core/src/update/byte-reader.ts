/**
 * Reads lib0's encodings with every access checked against the end. lib0's own decoder is made
 * for trusted bytes: it reads past the end, accepts padded numbers and numbers beyond 2^53.
 */
import { decodeUtf8 } from 'lib0/string'

/** What is wrong with an update, as far as its bytes alone can tell. */
export type ParseCode = 'MALFORMED' | 'TOO_LARGE' | 'GRAMMAR'

/** Thrown inside the parser only; `parseUpdate` turns it into a result. */
export class ParseRefusal extends Error {
  readonly code: ParseCode
  constructor(code: ParseCode, message: string) {
    super(message)
    this.code = code
  }
}

const SHORT_TEXT = 40

export class ByteReader {
  readonly bytes: Uint8Array
  readonly end: number
  pos = 0
  #view: DataView | undefined

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.end = bytes.length
  }

  uint8(): number {
    const byte = this.bytes[this.pos]
    if (byte === undefined) throw truncated()
    this.pos++
    return byte
  }

  /** The next byte, which stays; undefined at the end. */
  peek(): number | undefined {
    return this.bytes[this.pos]
  }

  /** An unsigned integer below 2^53 in its shortest form. */
  varUint(): number {
    let byte = this.uint8()
    if (byte < 128) return byte
    let value = byte & 127
    let factor = 128
    do {
      byte = this.uint8()
      value += (byte & 127) * factor
      if (value > Number.MAX_SAFE_INTEGER) throw new ParseRefusal('MALFORMED', 'number too large')
      factor *= 128
    } while (byte >= 128)
    if (byte === 0) throw new ParseRefusal('MALFORMED', 'padded number')
    return value
  }

  /** A signed integer within ±2^53 in its shortest form; lib0 keeps the sign of −0. */
  varInt(): number {
    let byte = this.uint8()
    const sign = (byte & 64) === 0 ? 1 : -1
    let value = byte & 63
    if (byte < 128) return sign * value
    let factor = 64
    do {
      byte = this.uint8()
      value += (byte & 127) * factor
      if (value > Number.MAX_SAFE_INTEGER) throw new ParseRefusal('MALFORMED', 'number too large')
      factor *= 128
    } while (byte >= 128)
    if (byte === 0) throw new ParseRefusal('MALFORMED', 'padded number')
    return sign * value
  }

  float32(): number {
    const at = this.skip(4)
    return this.#data().getFloat32(at, false)
  }

  float64(): number {
    const at = this.skip(8)
    return this.#data().getFloat64(at, false)
  }

  bigInt64(): bigint {
    const at = this.skip(8)
    return this.#data().getBigInt64(at, false)
  }

  /** A view of the input, not a copy. */
  view(): Uint8Array {
    const length = this.varUint()
    const at = this.skip(length)
    return new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + at, length)
  }

  /** Valid UTF-8 only: Yjs throws half-way through an update for anything else. */
  text(): string {
    const length = this.varUint()
    const at = this.skip(length)
    return length <= SHORT_TEXT ? this.#shortText(at, at + length) : this.#decode(at, at + length)
  }

  skipText(): void {
    this.skip(this.varUint())
  }

  /** Steps over `length` bytes and returns where they begin. */
  skip(length: number): number {
    const at = this.pos
    if (length > this.end - at) throw truncated()
    this.pos = at + length
    return at
  }

  /** Ids and names are short ASCII, for which a TextDecoder call costs more than the loop. */
  #shortText(from: number, to: number): string {
    let text = ''
    for (let i = from; i < to; i++) {
      const byte = this.bytes[i] ?? 128
      if (byte >= 128) return this.#decode(from, to)
      text += String.fromCharCode(byte)
    }
    return text
  }

  #decode(from: number, to: number): string {
    try {
      return decodeUtf8(this.bytes.subarray(from, to))
    } catch {
      throw new ParseRefusal('MALFORMED', 'text is not UTF-8')
    }
  }

  #data(): DataView {
    this.#view ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length)
    return this.#view
  }
}

const truncated = (): ParseRefusal => new ParseRefusal('MALFORMED', 'ends too early')
