/** A list of people as a spreadsheet has it: one a line, below the names of the columns. */
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import type { Role } from '../directory/role.ts'
import { err, ok, type Result } from '../errors/result.ts'
import { textOfCsv } from './csv-text.ts'

/** Most people of one list. */
export const MAX_IMPORTED = 10_000
/** Longest file, in bytes. */
export const MAX_CSV_BYTES = 8 * 1024 * 1024
/** Characters of one line. */
const MAX_LINE = 2_000

/** Who can be made from a list; who runs the clinic is made one by one. */
export const IMPORTED_ROLES = ['patient', 'doctor', 'staff'] as const satisfies readonly Role[]

export interface ListedPerson {
  /** Of the file, as an editor counts. */
  readonly line: number
  readonly name: string
  readonly role: (typeof IMPORTED_ROLES)[number]
  readonly email?: string
  /** As it stands there. */
  readonly birthDate?: string
  readonly specialty?: string
}

export interface BadLine {
  readonly line: number
  readonly reason: string
}

export interface PeopleList {
  readonly people: readonly ListedPerson[]
  readonly bad: readonly BadLine[]
}

const COLUMNS = ['name', 'role', 'email', 'birth date', 'specialty'] as const
type Column = (typeof COLUMNS)[number]
const NEEDED: readonly Column[] = ['name', 'role']
const SHAPE = `the first line names the columns: ${COLUMNS.join(', ')}`

/** Fails with one line when it is no list of people at all. */
export const readPeopleCsv = (bytes: Uint8Array): Result<PeopleList, string> => {
  if (bytes.length > MAX_CSV_BYTES)
    return err(`the file is larger than ${MAX_CSV_BYTES / 1024 / 1024} MiB: split it`)
  const text = textOfCsv(bytes)
  if (!text.ok) return text
  const rows = rowsOf(text.value)
  if (!rows.ok) return rows
  const [header, ...rest] = rows.value
  if (header === undefined) return err(`the file is empty; ${SHAPE}`)
  const columns = columnsOf(header.fields)
  if (!columns.ok) return err(`line ${header.line}: ${columns.error}`)
  if (rest.length > MAX_IMPORTED)
    return err(`the file has more than ${MAX_IMPORTED} people: split it`)
  const people: ListedPerson[] = []
  const bad: BadLine[] = []
  for (const { line, fields } of rest) {
    const person = personOf(line, fields, columns.value)
    if (person.ok) people.push(person.value)
    else bad.push({ line, reason: person.error })
  }
  return ok({ people, bad })
}

interface Row {
  readonly line: number
  readonly fields: readonly string[]
}

/** What the parser gives with `info`. */
const withInfo = z.object({
  record: z.array(z.string()),
  info: z.object({ lines: z.number() }),
})

const rowsOf = (text: string): Result<readonly Row[], string> => {
  try {
    const rows: unknown = parse(text, {
      delimiter: delimiterOf(text),
      info: true,
      max_record_size: MAX_LINE,
      relax_column_count: true,
      skip_records_with_empty_values: true,
      // With the names of the columns, and one by which there are too many.
      to: MAX_IMPORTED + 2,
      trim: true,
    })
    return ok(
      z
        .array(withInfo)
        .parse(rows)
        .map(({ record, info }) => ({ line: info.lines, fields: record })),
    )
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const line = 'lines' in error ? `line ${error.lines}: ` : ''
    return err(`${line}${reasons[String(error.code)] ?? error.message}`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  CSV_MAX_RECORD_SIZE: `longer than ${MAX_LINE} characters; is a quotation mark missing before it?`,
  CSV_QUOTE_NOT_CLOSED: 'a quotation mark is opened and not closed',
  INVALID_OPENING_QUOTE:
    'a quotation mark stands inside a field: write it twice, and quote the field',
  CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quotation mark',
}

/** Spreadsheets of some countries write semicolons. The names of the columns have none of these. */
const delimiterOf = (text: string): string => {
  const [first = ''] = text.split(/\r?\n/, 1)
  return [',', ';', '\t'].find((each) => first.includes(each)) ?? ','
}

const columnsOf = (header: readonly string[]): Result<readonly Column[], string> => {
  const columns: Column[] = []
  for (const text of header) {
    const plain = text
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, ' ')
      .replace(/^e mail$/, 'email')
    const column = COLUMNS.find((each) => each === plain || each.replace(' ', '') === plain)
    if (column === undefined) return err(`there is no column ${JSON.stringify(text)}; ${SHAPE}`)
    if (columns.includes(column)) return err(`the column ${column} is there twice`)
    columns.push(column)
  }
  const missing = NEEDED.find((each) => !columns.includes(each))
  return missing === undefined ? ok(columns) : err(`there is no column ${missing}; ${SHAPE}`)
}

const personOf = (
  line: number,
  fields: readonly string[],
  columns: readonly Column[],
): Result<ListedPerson, string> => {
  if (fields.length !== columns.length)
    return err(`${fields.length} fields where the first line has ${columns.length}`)
  const field = (column: Column): string => fields[columns.indexOf(column)] ?? ''
  const role = IMPORTED_ROLES.find((each) => each === field('role').toLowerCase())
  if (role === undefined) return err(`the role is one of ${IMPORTED_ROLES.join(', ')}`)
  if (fields.some((each) => each.includes('\ufffd')))
    return err('a letter was lost when the file was saved')
  const [email, birthDate, specialty] = [field('email'), field('birth date'), field('specialty')]
  if (email === '' && birthDate === '')
    return err(
      role === 'patient'
        ? 'an e-mail address or a birth date is needed, by which people are told apart'
        : 'an e-mail address is needed',
    )
  return ok({
    line,
    name: field('name'),
    role,
    ...(email !== '' && { email }),
    ...(birthDate !== '' && { birthDate }),
    ...(specialty !== '' && { specialty }),
  })
}
