/** `admin.js import people.csv`: the accounts of a list, first looked at, then made. */
import { type FileHandle, open, rm } from 'node:fs/promises'
import {
  type ImportAnswer,
  importAnswer,
  importList as importPeople,
} from '../admin/operations/import-people.ts'
import { csvCell } from '../base/csv-cell.ts'
import { PRIVATE_FILE } from '../base/make-folder.ts'
import type { Environment } from '../config/config.ts'
import { err, ok } from '../errors/result.ts'
import {
  type BadLine,
  type ListedPerson,
  MAX_CSV_BYTES,
  type PeopleList,
  readPeopleCsv,
} from '../people/people-csv.ts'
import { type AdminOutcome, withData } from './open-data.ts'
import { perform, sayRefusal, withReason } from './operation-command.ts'

/** Bad lines that are shown. */
const MOST_SHOWN = 200

export interface ImportFlags {
  /** Otherwise nothing is changed. */
  readonly apply: boolean
  /** A new file, for a link for each of them. */
  readonly links?: string
}

export const importCsv = async (
  path: string,
  { apply, links }: ImportFlags,
  env: Environment,
): Promise<AdminOutcome> => {
  const read = await withReason<Uint8Array>(readUpTo(path, MAX_CSV_BYTES + 1).then(ok))
  if (!read.ok) return read
  const list = readPeopleCsv(read.value)
  if (!list.ok) return err(`${path}: ${list.error}`)
  if (!apply || links === undefined) return importList(path, list.value, { apply }, env)
  // Whatever keeps it from being written shows before anybody is made.
  const file = await withReason<FileHandle>(open(links, 'wx', PRIVATE_FILE).then(ok))
  if (!file.ok) return file
  try {
    return await importList(path, list.value, { apply, file: file.value }, env)
  } finally {
    const { size } = await file.value.stat()
    await file.value.close()
    if (size === 0) await rm(links)
  }
}

const importList = (
  path: string,
  { people, bad }: PeopleList,
  { apply, file }: { readonly apply: boolean; readonly file?: FileHandle },
  env: Environment,
): Promise<AdminOutcome> =>
  withData(env, async (access) => {
    // What is wrong in the file alone keeps everybody from being made; the rest is looked at, too.
    const input = { people, apply: apply && bad.length === 0, links: file !== undefined }
    const done = await perform(importPeople, access, input)
    if (!done.ok) return err(sayRefusal(done.error))
    const { bad: more, made } = importAnswer.parse(done.value.value)
    const all = [...bad, ...more].sort((one, other) => one.line - other.line)
    if (all.length > 0) return err(sayBad(path, all))
    if (!apply) return ok(`to be made: ${sayPeople(people)}; nothing was changed, add --apply`)
    await file?.writeFile(linksAsCsv(made))
    await file?.sync()
    const where = file === undefined ? '' : '; the file has the link of each'
    return ok(`made, as invited: ${sayPeople(people)}${where}`)
  })

/** With a byte order mark, by which spreadsheets know UTF-8. */
const linksAsCsv = (made: ImportAnswer['made']): string => {
  const lines = made.map(({ name, email, birthDate, link }) =>
    [name, email, birthDate, link].map((text) => csvCell(text ?? '')).join(','),
  )
  return `\ufeff${['name,email,birth date,link', ...lines].join('\r\n')}\r\n`
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
