/**
 * The tables of a LevelDB directory, read without LevelDB: whether each block is what was written.
 * LevelDB as it is built here does not look, merges what is damaged with what is not, and ends the
 * whole process when that puts keys out of order. So it is looked at before it opens, and what is
 * damaged is emptied, with a copy of the table put aside.
 *
 * The format is that of `doc/table_format.md` of LevelDB: blocks, each followed by a byte for its
 * compression and a masked CRC-32C of both, and a footer that says where the index lies.
 */
import { copyFile, mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32c, mask } from './level-crc.ts'
import { liveTables } from './level-manifest.ts'
import { unsnappy } from './unsnappy.ts'

/** Keys after one and up to another, of which some may be lost. undefined: from the first one on. */
export interface LostKeys {
  readonly after: string | undefined
  readonly upTo: string
}

export interface TableDamage {
  /** Name of the file. */
  readonly table: string
  readonly lost: readonly LostKeys[]
  /** What cannot be mended: the table's index, or where it lies, is damaged. */
  readonly unreadable: boolean
}

const FOOTER = 48
const TRAILER = 5
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb]

interface Handle {
  readonly offset: number
  readonly size: number
}

/** What is wrong with a table, and which of its blocks have to be emptied. */
interface Finding extends TableDamage {
  readonly bad: readonly Handle[]
}

/** Looks at all tables, and changes nothing. */
export const checkTables = async (directory: string): Promise<readonly TableDamage[]> => {
  const found: TableDamage[] = []
  for (const table of await tablesOf(directory)) {
    const finding = checkTable(table, await readFile(join(directory, table)))
    if (finding !== undefined) found.push(finding)
  }
  return found
}

/**
 * Empties the damaged blocks of all tables, so that LevelDB reads past them; copies of the tables
 * as they were go into the folder `damaged`. Returns what it found. Those that are `unreadable` it
 * leaves as they are.
 */
export const mendTables = async (directory: string): Promise<readonly TableDamage[]> => {
  const found: TableDamage[] = []
  for (const table of await tablesOf(directory)) {
    const path = join(directory, table)
    const finding = checkTable(table, await readFile(path))
    if (finding === undefined) continue
    found.push(finding)
    if (finding.unreadable) continue
    const aside = join(directory, 'damaged')
    await mkdir(aside, { recursive: true, mode: 0o700 })
    await copyFile(path, join(aside, table))
    const file = await open(path, 'r+')
    try {
      for (const { offset, size } of finding.bad) {
        const block = emptyBlock(size)
        await file.write(block, 0, block.length, offset)
      }
      await file.sync()
    } finally {
      await file.close()
    }
  }
  return found
}

/** Names of the files that the database is made of. */
const tablesOf = async (directory: string): Promise<readonly string[]> => {
  const names = await readdir(directory).catch(() => [])
  const live = await liveTables(directory)
  return names
    .filter((name) => {
      const number = /^(\d+)\.(ldb|sst)$/.exec(name)?.[1]
      return number !== undefined && (live?.has(Number(number)) ?? true)
    })
    .sort()
}

/** A block without entries, whatever its size: the last number says how many restarts it has. */
const emptyBlock = (size: number): Uint8Array => {
  const block = new Uint8Array(size + TRAILER)
  new DataView(block.buffer).setUint32(size + 1, mask(crc32c(block.subarray(0, size + 1))), true)
  return block
}

const checkTable = (table: string, bytes: Uint8Array): Finding | undefined => {
  const unreadable = { table, lost: [], bad: [], unreadable: true }
  const footer = readFooter(bytes)
  const index = footer && readBlock(bytes, footer.index)
  if (footer === undefined || index === undefined) return unreadable
  const blocks = entriesOf(index)
  if (blocks === undefined) return unreadable
  const bad: Handle[] = []
  const lost: LostKeys[] = []
  let after: string | undefined
  for (const { key, value } of blocks) {
    const handle = readHandle(value, 0)?.handle
    const upTo = userKey(key)
    if (handle === undefined) return unreadable
    if (!isSound(bytes, handle)) {
      bad.push(handle)
      lost.push({ after, upTo })
    }
    after = upTo
  }
  if (!isFilterSound(bytes, footer.meta)) bad.push(footer.meta)
  return bad.length === 0 ? undefined : { table, lost, bad, unreadable: false }
}

const readFooter = (bytes: Uint8Array): { meta: Handle; index: Handle } | undefined => {
  if (bytes.length < FOOTER) return undefined
  const footer = bytes.subarray(bytes.length - FOOTER)
  if (MAGIC.some((byte, i) => footer[FOOTER - MAGIC.length + i] !== byte)) return undefined
  const meta = readHandle(footer, 0)
  const index = meta && readHandle(footer, meta.end)
  return meta && index && { meta: meta.handle, index: index.handle }
}

/** Which keys may be in which blocks. Where it is damaged, it hides what is there. */
const isFilterSound = (bytes: Uint8Array, meta: Handle): boolean => {
  const block = readBlock(bytes, meta)
  const entries = block && entriesOf(block)
  return (
    entries?.every(({ value }) => {
      const filter = readHandle(value, 0)
      return filter !== undefined && isSound(bytes, filter.handle)
    }) ?? false
  )
}

/** The content of a block; undefined when it is not what was written. */
const readBlock = (bytes: Uint8Array, handle: Handle): Uint8Array | undefined => {
  if (!isSound(bytes, handle)) return undefined
  const { offset, size } = handle
  const content = bytes.subarray(offset, offset + size)
  return bytes[offset + size] === 0 ? content : unsnappy(content)
}

const isSound = (bytes: Uint8Array, { offset, size }: Handle): boolean => {
  const end = offset + size + 1
  if (end + 4 > bytes.length) return false
  const { buffer, byteOffset } = bytes
  const stored = new DataView(buffer, byteOffset).getUint32(end, true)
  return mask(crc32c(bytes.subarray(offset, end))) === stored
}

/** Keys share what they begin with; a number at the end says how many numbers before it are none. */
const entriesOf = (block: Uint8Array): { key: Uint8Array; value: Uint8Array }[] | undefined => {
  if (block.length < 4) return undefined
  const view = new DataView(block.buffer, block.byteOffset, block.length)
  const restarts = view.getUint32(block.length - 4, true)
  if (restarts === 0) return []
  const end = block.length - 4 * (restarts + 1)
  const entries: { key: Uint8Array; value: Uint8Array }[] = []
  let key = new Uint8Array()
  for (let at = 0; at < end; ) {
    const numbers: number[] = []
    for (let i = 0; i < 3; i++) {
      const read = readVarint(block, at)
      if (read === undefined) return undefined
      numbers.push(read.value)
      at = read.end
    }
    const [shared = 0, own = 0, length = 0] = numbers
    if (shared > key.length || at + own + length > end) return undefined
    const next = new Uint8Array(shared + own)
    next.set(key.subarray(0, shared))
    next.set(block.subarray(at, at + own), shared)
    key = next
    entries.push({ key, value: block.subarray(at + own, at + own + length) })
    at += own + length
  }
  return end < 0 ? undefined : entries
}

const readHandle = (bytes: Uint8Array, at: number): { handle: Handle; end: number } | undefined => {
  const offset = readVarint(bytes, at)
  const size = offset && readVarint(bytes, offset.end)
  return offset && size && { handle: { offset: offset.value, size: size.value }, end: size.end }
}

const readVarint = (
  bytes: Uint8Array,
  from: number,
): { value: number; end: number } | undefined => {
  let value = 0
  for (let at = from, scale = 1; at < bytes.length && at < from + 7; at++, scale *= 128) {
    const byte = bytes[at] ?? 0
    value += (byte & 127) * scale
    if (byte < 128) return { value, end: at + 1 }
  }
  return undefined
}

/** Without the eight bytes that LevelDB adds to each key. */
const userKey = (key: Uint8Array): string =>
  new TextDecoder('latin1').decode(key.subarray(0, Math.max(0, key.length - 8)))
