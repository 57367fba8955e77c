/** `admin.js import people.csv`: the accounts of a list, first looked at, then made. */
import { open } from 'node:fs/promises'
import { importAnswer, importList } from '../admin/operations/import-people.ts'
import type { Environment } from '../config/config.ts'
import { err, ok } from '../errors/result.ts'
import {
  type BadLine,
  type ListedPerson,
  MAX_CSV_BYTES,
  readPeopleCsv,
} from '../people/people-csv.ts'
import { type AdminOutcome, withData } from './open-data.ts'
import { perform, sayRefusal, withReason } from './operation-command.ts'

/** Bad lines that are shown. */
const MOST_SHOWN = 200

export interface ImportFlags {
  /** Otherwise nothing is changed. */
  readonly apply: boolean
}

export const importCsv = async (
  path: string,
  { apply }: ImportFlags,
  env: Environment,
): Promise<AdminOutcome> => {
  const read = await withReason<Uint8Array>(readUpTo(path, MAX_CSV_BYTES + 1).then(ok))
  if (!read.ok) return read
  const list = readPeopleCsv(read.value)
  if (!list.ok) return err(`${path}: ${list.error}`)
  const { people, bad } = list.value
  return withData(env, async (access) => {
    // What is wrong in the file alone keeps everybody from being made; the rest is looked at, too.
    const input = { people, apply: apply && bad.length === 0 }
    const done = await perform(importList, access, input)
    if (!done.ok) return err(sayRefusal(done.error))
    const { bad: more, made } = importAnswer.parse(done.value.value)
    const all = [...bad, ...more].sort((one, other) => one.line - other.line)
    if (all.length > 0) return err(sayBad(path, all))
    if (!apply) return ok(`${sayPeople(people)} would be made; nothing was changed. Add --apply`)
    return ok(`${sayPeople(people)} were made: ${made.length} accounts, invited`)
  })
}

/** At most so many bytes of a file, so that a wrong one does not fill the memory. */
const readUpTo = async (path: string, bytes: number): Promise<Uint8Array> => {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.min(size, bytes))
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return buffer.subarray(0, length)
  } finally {
    await file.close()
  }
}

const sayBad = (path: string, bad: readonly BadLine[]): string =>
  [
    `${path}: ${bad.length} lines cannot be taken, and nobody was made`,
    ...bad.slice(0, MOST_SHOWN).map(({ line, reason }) => `line ${line}: ${reason}`),
    ...(bad.length > MOST_SHOWN ? [`and ${bad.length - MOST_SHOWN} more`] : []),
  ].join('\n')

const sayPeople = (people: readonly ListedPerson[]): string => {
  const counts = new Map<string, number>()
  for (const { role } of people) counts.set(role, (counts.get(role) ?? 0) + 1)
  return (
    [...counts].map(([role, count]) => `${count} ${nounOf(role, count)}`).join(', ') || 'nobody'
  )
}

const nounOf = (role: string, count: number): string => {
  if (role === 'staff') return 'of the staff'
  return count === 1 ? role : `${role}s`
}
