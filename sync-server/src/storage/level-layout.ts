import type { DocName } from '@wardline/core/base/ids'
import { encode } from '@wardline/core/update/encode'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import type { AuditLine, AuditTip, StoredAuditLine } from './audit.ts'
import { type AuditPlace, type AuditQuestion, termsOf, timeOf } from './audit-index.ts'
import { type Incarnation, type Run, readLineage, writeLineage } from './lineage.ts'
import type { Row } from './store.ts'
import { StoreError } from './store-error.ts'

/**
 * The keys and values of a LevelDB data directory, format {@link FORMAT}. `!` sorts before every
 * character of a document's name, so all keys of a document lie together. Numbers in keys have a
 * fixed width, so that they sort as numbers.
 *
 * | key | value |
 * |---|---|
 * | `m!format` `m!epoch` | text |
 * | `m!sealed` | empty, if all values are: the database was made so |
 * | `m!seq` | varuint: number of the last change |
 * | `m!audit` | number and hash of the last audit line, as an audit line's value without text |
 * | `m!audit-start` | the same of the last line that was removed for its age |
 * | `m!audit-index` | varuint: number of the last line that is in the index |
 * | `m!lineage` | the incarnations, oldest first: name, number, last change before it, each |
 * | `m!probe` | empty: what health checks write |
 * | `h!<doc>` | {@link DocMeta}, six varuints, four more, then two for each run |
 * | `s!<scope>` | varuint: number of the last change to a document of the scope |
 * | `u!<doc>!<head>` | the update |
 * | `n!<doc>` | varuint head, then the snapshot, of a document that has no parts |
 * | `p!<doc>!<generation>!<i>` | part of a snapshot, from 0; those of other generations are left-overs |
 * | `e!<doc>` | empty: something deleted is still on the disk |
 * | `r!<key>` | varuint version, then the record as JSON text |
 * | `a!<n>` | varuint n, hash in hex (64 characters), then the line's text |
 * | `i!<term>!<at>!<n>` | empty: where a line is found, see `audit-index.ts` |
 * | `q!<seq>!<key>` | what lay under a key of a document that was damaged, as it lay there |
 *
 * All values are sealed (`seal.ts`), but those from before there were seals.
 *
 * A change to this table needs a new format number, and code that reads the old one. Directories
 * from before there were incarnations have neither a lineage nor runs, and their documents six numbers
 * alone; they are read all the same.
 */
export const FORMAT = '2'
/** What {@link FORMAT} came after: the same without seals. It is read, and becomes the new one. */
export const UNSEALED_FORMAT = '1'

const number = (value: number): string => value.toString(16).padStart(14, '0')

export const formatKey = 'm!format'
export const epochKey = 'm!epoch'
export const sealedKey = 'm!sealed'
export const seqKey = 'm!seq'
export const auditTipKey = 'm!audit'
export const auditStartKey = 'm!audit-start'
export const auditIndexKey = 'm!audit-index'
export const lineageKey = 'm!lineage'
export const probeKey = 'm!probe'
export const docKey = (doc: DocName): string => `h!${doc}`
export const scopeKey = (scope: string): string => `s!${scope}`
export const rowKey = (doc: DocName, head: number): string => `u!${doc}!${number(head)}`
export const snapshotKey = (doc: DocName): string => `n!${doc}`
export const partKey = (doc: DocName, generation: number, i: number): string =>
  `p!${doc}!${number(generation)}!${number(i)}`
export const eraseKey = (doc: DocName): string => `e!${doc}`
export const recordKey = (key: string): string => `r!${key}`
export const auditKey = (n: number): string => `a!${number(n)}`

/** Where a line is found: under a term, at a time. */
export const indexKey = (term: string, { at, n }: AuditPlace): string =>
  `i!${term}!${number(at)}!${number(n)}`
export const indexKeysOf = (line: AuditLine, n: number): string[] =>
  [...termsOf(line)].map((term) => indexKey(term, { at: timeOf(line.at), n }))
/** Of a question, the keys of what it asks for. */
export const indexRange = ({ term, from = 0, until, before }: AuditQuestion): KeyRange => {
  const end = until === undefined ? `i!${term}!~` : `i!${term}!${number(timeOf(until))}`
  const older = before && indexKey(term, before)
  return {
    gte: `i!${term}!${number(timeOf(from))}`,
    lt: older !== undefined && older < end ? older : end,
  }
}
/** The number of the line that a key of the index leads to. */
export const lineOfKey = (key: string): number => Number.parseInt(key.slice(-14), 16)

export interface KeyRange {
  readonly gte: string
  readonly lt: string
}

/** Rows `after + 1 … to` of a document. */
export const rowRange = (doc: DocName, after: number, to: number): KeyRange => ({
  gte: rowKey(doc, after + 1),
  lt: rowKey(doc, to + 1),
})

/**
 * Around a document's rows, and around its snapshot. Nothing lies at the ends themselves: no name
 * of a document has the characters that they end with.
 */
export const docContentRanges = (doc: DocName): KeyRange[] => [
  { gte: `u!${doc}!`, lt: `u!${doc}!~` },
  { gte: `${snapshotKey(doc).slice(0, -1)}\x01`, lt: `${snapshotKey(doc)} ` },
  partRange(doc),
]

/** All that is stored of a document, key by key or in ranges. */
export const docKeys = (doc: DocName): readonly string[] => [
  docKey(doc),
  snapshotKey(doc),
  eraseKey(doc),
]
export const docRanges = (doc: DocName): readonly KeyRange[] => [rowsRange(doc), partRange(doc)]
export const rowsRange = (doc: DocName): KeyRange => ({ gte: `u!${doc}!`, lt: `u!${doc}!~` })
/** The document that a key is of, if it is of one. */
export const docOfDamage = (key: string): DocName | undefined =>
  /^[hunpe]!/.test(key) ? (key.slice(2).split('!')[0] as DocName) : undefined
export const asideKey = (seq: number, key: string): string => `q!${number(seq)}!${key}`
/** The head of a row's key. */
export const headOfKey = (key: string): number => Number.parseInt(key.slice(-14), 16)

/** All parts of snapshots of a document. */
export const partRange = (doc: DocName): KeyRange => ({ gte: `p!${doc}!`, lt: `p!${doc}!~` })

export const eraseRange: KeyRange = { gte: 'e!', lt: 'e"' }

/** Records whose key starts with a prefix; 0x7f is above every character of a key. */
export const recordRange = (prefix: string): KeyRange => ({
  gte: recordKey(prefix),
  lt: `${recordKey(prefix)}\x7f`,
})

/** The documents inside a scope, without the one that has the scope's own name. */
export const docRange = (scope: string): KeyRange => ({ gte: `h!${scope}/`, lt: `h!${scope}0` })
export const docOfKey = (key: string): DocName => key.slice(2) as DocName
export const recordOfKey = (key: string): string => key.slice(2)

export const auditRange = (from: number): KeyRange => ({ gte: auditKey(from), lt: 'a"' })

/** What is known about a document without reading it. */
export interface DocMeta {
  readonly head: number
  /** Number of the change that moved the head last. */
  readonly seq: number
  /** Rows up to this one were removed by compaction; the later ones are all there. */
  readonly base: number
  /** 0: there is no snapshot. */
  readonly snapshotHead: number
  readonly snapshotBytes: number
  /** Bytes of the rows after the snapshot. */
  readonly tailBytes: number
  /** How many parts the snapshot has; 0: it is one value. */
  readonly parts: number
  /** Which parts count: a snapshot in parts is written beside the one before it. */
  readonly generation: number
  /** Something that was deleted is still on the disk. */
  readonly erases: boolean
  /**
   * Heads up to this one are of before the document was damaged and begun anew; 0: it never was. No
   * row has them any more, and who knows one has to give everything again.
   */
  readonly anew: number
  /** Which incarnations wrote its rows, ascending. */
  readonly runs: readonly Run[]
}

export const NO_DOC: DocMeta = {
  head: 0,
  seq: 0,
  base: 0,
  snapshotHead: 0,
  snapshotBytes: 0,
  tailBytes: 0,
  parts: 0,
  generation: 0,
  erases: false,
  anew: 0,
  runs: [],
}

const decode = <T>(value: Uint8Array, read: (decoder: decoding.Decoder) => T): T => {
  try {
    return read(decoding.createDecoder(value))
  } catch (cause) {
    throw new StoreError('STORE_CORRUPT', 'a stored value cannot be read', cause)
  }
}

const rest = (decoder: decoding.Decoder): Uint8Array => decoding.readTailAsUint8Array(decoder)

export const writeText = (text: string): Uint8Array => new TextEncoder().encode(text)
export const readText = (value: Uint8Array): string => new TextDecoder().decode(value)

export const writeNumber = (value: number): Uint8Array =>
  encode((encoder) => encoding.writeVarUint(encoder, value))
export const readNumber = (value: Uint8Array): number => decode(value, decoding.readVarUint)

export const writeDocMeta = (meta: DocMeta): Uint8Array =>
  encode((encoder) => {
    encoding.writeVarUint(encoder, meta.head)
    encoding.writeVarUint(encoder, meta.seq)
    encoding.writeVarUint(encoder, meta.base)
    encoding.writeVarUint(encoder, meta.snapshotHead)
    encoding.writeVarUint(encoder, meta.snapshotBytes)
    encoding.writeVarUint(encoder, meta.tailBytes)
    encoding.writeVarUint(encoder, meta.parts)
    encoding.writeVarUint(encoder, meta.generation)
    encoding.writeVarUint(encoder, meta.erases ? 1 : 0)
    encoding.writeVarUint(encoder, meta.anew)
    for (const { from, no } of meta.runs) {
      encoding.writeVarUint(encoder, from)
      encoding.writeVarUint(encoder, no)
    }
  })
export const readDocMeta = (value: Uint8Array): DocMeta =>
  decode(value, (decoder) => ({
    head: decoding.readVarUint(decoder),
    seq: decoding.readVarUint(decoder),
    base: decoding.readVarUint(decoder),
    snapshotHead: decoding.readVarUint(decoder),
    snapshotBytes: decoding.readVarUint(decoder),
    tailBytes: decoding.readVarUint(decoder),
    ...(decoding.hasContent(decoder)
      ? {
          parts: decoding.readVarUint(decoder),
          generation: decoding.readVarUint(decoder),
          erases: decoding.readVarUint(decoder) !== 0,
          anew: decoding.readVarUint(decoder),
        }
      : { parts: 0, generation: 0, erases: false, anew: 0 }),
    runs: readRuns(decoder),
  }))

const readRuns = (decoder: decoding.Decoder): Run[] => {
  const runs: Run[] = []
  while (decoding.hasContent(decoder)) {
    const from = decoding.readVarUint(decoder)
    runs.push({ from, no: decoding.readVarUint(decoder) })
  }
  return runs
}

export const readIncarnations = (value: Uint8Array): Incarnation[] =>
  decode(value, () => readLineage(value))
export { writeLineage as writeIncarnations }

export const writeSnapshot = (snapshot: Row): Uint8Array =>
  encode((encoder) => {
    encoding.writeVarUint(encoder, snapshot.head)
    encoding.writeUint8Array(encoder, snapshot.update)
  })
export const readSnapshot = (value: Uint8Array): Row =>
  decode(value, (decoder) => ({ head: decoding.readVarUint(decoder), update: rest(decoder) }))

export interface RecordValue {
  readonly version: number
  readonly text: string
}

export const writeRecord = ({ version, text }: RecordValue): Uint8Array =>
  encode((encoder) => {
    encoding.writeVarUint(encoder, version)
    encoding.writeUint8Array(encoder, writeText(text))
  })
export const readRecord = (value: Uint8Array): RecordValue =>
  decode(value, (decoder) => ({
    version: decoding.readVarUint(decoder),
    text: readText(rest(decoder)),
  }))

export const writeAuditLine = (line: StoredAuditLine): Uint8Array =>
  encode((encoder) => {
    encoding.writeVarUint(encoder, line.n)
    encoding.writeUint8Array(encoder, writeText(line.hash + line.text))
  })
export const readAuditLine = (value: Uint8Array): StoredAuditLine =>
  decode(value, (decoder) => {
    const n = decoding.readVarUint(decoder)
    const text = readText(rest(decoder))
    return { n, hash: text.slice(0, 64), text: text.slice(64) }
  })

export const writeAuditTip = (tip: AuditTip): Uint8Array => writeAuditLine({ ...tip, text: '' })
export const readAuditTip = (value: Uint8Array): AuditTip => {
  const { n, hash } = readAuditLine(value)
  return { n, hash }
}
