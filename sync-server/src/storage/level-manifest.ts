/**
 * Which tables a LevelDB directory is made of, read without LevelDB. A process that ends while tables
 * are merged leaves halves of new ones behind: they are nobody's, and LevelDB deletes them when it
 * opens. What is in none of the versions that its manifest tells of says nothing about the database.
 *
 * The formats are LevelDB’s own, of its logs and of its version edits.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32c, mask } from './level-crc.ts'

const BLOCK = 32 * 1024
const HEADER = 7
/** Kinds of pieces that a record is in. */
const FULL = 1
const FIRST = 2
const MIDDLE = 3
const LAST = 4

/** Numbers of the tables; undefined when the manifest cannot be read, which LevelDB then says. */
export const liveTables = async (directory: string): Promise<ReadonlySet<number> | undefined> => {
  try {
    const name = (await readFile(join(directory, 'CURRENT'), 'utf8')).trim()
    if (!/^MANIFEST-\d+$/.test(name)) return undefined
    const live = new Set<number>()
    for (const record of recordsOf(await readFile(join(directory, name)))) applyEdit(record, live)
    return live
  } catch {
    return undefined
  }
}

/** The records of a log, in order. What is cut off at its end was not written in time. */
const recordsOf = (log: Buffer): Buffer[] => {
  const records: Buffer[] = []
  let parts: Buffer[] = []
  for (let at = 0; at + HEADER <= log.length; ) {
    const left = BLOCK - (at % BLOCK)
    if (left < HEADER) {
      at += left
      continue
    }
    const length = log.readUInt16LE(at + 4)
    const kind = log[at + 6]
    const part = log.subarray(at + HEADER, at + HEADER + length)
    if (part.length < length || kind === 0) break
    if (mask(crc32c(log.subarray(at + 6, at + HEADER + length))) !== log.readUInt32LE(at))
      throw new Error('a piece that is not what was written')
    if (kind === FULL || kind === FIRST) parts = [part]
    else if (kind === MIDDLE || kind === LAST) parts.push(part)
    else throw new Error('a piece of an unknown kind')
    if (kind === FULL || kind === LAST) records.push(Buffer.concat(parts))
    at += HEADER + length
  }
  return records
}

/** What a version has more and less than the one before it. Throws for what cannot be read. */
const applyEdit = (record: Buffer, live: Set<number>): void => {
  const reader = new Reader(record)
  while (!reader.isAtEnd) {
    switch (reader.number()) {
      case 1: // The order of keys, by name.
        reader.skipBytes()
        break
      case 2: // Numbers of logs, files and writes.
      case 3:
      case 4:
      case 9:
        reader.number()
        break
      case 5: // Where merging goes on.
        reader.number()
        reader.skipBytes()
        break
      case 6:
        reader.number()
        live.delete(reader.number())
        break
      case 7:
        reader.number()
        live.add(reader.number())
        reader.number()
        reader.skipBytes()
        reader.skipBytes()
        break
      default:
        throw new Error('an edit of an unknown kind')
    }
  }
}

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  number(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new Error('an edit that ends too early')
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }

  skipBytes(): void {
    const length = this.number()
    this.#at += length
    if (this.#at > this.#bytes.length) throw new Error('an edit that ends too early')
  }
}
