import type { JsonValue } from '../base/json.ts'
import type { Change, RecordWrite, Snapshot } from './store.ts'
import { StoreError } from './store-error.ts'

/** Largest change, in bytes of updates and JSON: far above a frame, far below what memory bears. */
export const MAX_CHANGE_BYTES = 32 * 1024 * 1024

const keyPattern = /^[\x20-\x7e]{1,512}$/

const bad = (message: string): StoreError => new StoreError('STORE_BAD_INPUT', message)

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** A change that keeps the rules of the interface. Records and audit lines are JSON text already. */
export interface CheckedChange {
  readonly appends: NonNullable<Change['appends']>
  readonly records: readonly CheckedRecord[]
  readonly audit: NonNullable<Change['audit']>
  /** What it weighs, for bounding batches. */
  readonly bytes: number
}

export interface CheckedRecord {
  readonly key: string
  /** null deletes. */
  readonly text: string | null
  readonly expect: number | undefined
}

/** JSON text of a value; throws `STORE_BAD_INPUT` for what JSON cannot say. */
const jsonOf = (value: JsonValue | object): string => {
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (cause) {
    throw new StoreError('STORE_BAD_INPUT', 'not a JSON value', cause)
  }
  if (text === undefined) throw bad('not a JSON value')
  return text
}

const checkRecord = (write: RecordWrite): CheckedRecord => {
  checkKey(write.key)
  if (write.expect !== undefined && !isCount(write.expect)) throw bad('expect is not a version')
  const text = write.value === null ? null : jsonOf(write.value)
  return { key: write.key, text, expect: write.expect }
}

/** Throws `STORE_BAD_INPUT` unless it can be a record's key. */
export const checkKey = (key: string): void => {
  if (!keyPattern.test(key)) throw bad('a record key is 1 to 512 printable ASCII characters')
}

/** Throws `STORE_BAD_INPUT` unless it can be a head or a sequence number. */
export const checkCount = (value: number, what: string): void => {
  if (!isCount(value)) throw bad(`${what} is not a whole number from 0`)
}

/** Throws `STORE_BAD_INPUT` unless it can be a snapshot. */
export const checkSnapshot = ({ head, updates }: Snapshot): void => {
  checkCount(head, 'head')
  if (updates.length === 0) throw bad('a snapshot has at least one update')
  if (updates.some(({ length }) => length > MAX_CHANGE_BYTES))
    throw bad(`an update of a snapshot is at most ${MAX_CHANGE_BYTES} bytes`)
}

const NONE: readonly never[] = []

/** Throws `STORE_BAD_INPUT` unless a change keeps the rules. */
export const checkChange = (change: Change): CheckedChange => {
  const { appends = NONE, records: writes = NONE, audit = NONE } = change
  let bytes = 0
  for (const { update, after } of appends) {
    if (update.length === 0) throw bad('an update is not empty')
    if (after !== undefined) checkCount(after, 'after')
    bytes += update.length
  }
  const records = writes.length === 0 ? NONE : writes.map(checkRecord)
  if (records.length > 1 && new Set(records.map((write) => write.key)).size < records.length) {
    throw bad('a change writes a record once')
  }
  for (const { text } of records) bytes += text?.length ?? 0
  for (const line of audit) bytes += jsonOf(line).length
  if (bytes > MAX_CHANGE_BYTES) throw bad(`a change is at most ${MAX_CHANGE_BYTES} bytes`)
  return { appends, records, audit, bytes }
}
