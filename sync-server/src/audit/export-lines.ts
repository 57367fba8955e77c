/** Lines of the audit trail as files that auditors take with them. */
import { csvCell } from '../base/csv-cell.ts'
import type { Store } from '../storage/store.ts'
import { type AuditFilter, type FoundLine, findLines } from './search.ts'

export type ExportFormat = 'csv' | 'json'

/** Lines for one piece of the file. */
const PIECE = 256

/** Piece by piece, newest first. Rejects with `StoreError`. */
export const exportLines = async function* (
  store: Pick<Store, 'findAudit'>,
  filter: AuditFilter,
  format: ExportFormat,
): AsyncGenerator<string> {
  const { begin, write, end } = formats[format]
  yield begin
  let first = true
  for await (const lines of piecesOf(store, filter)) {
    if (lines.length === 0) continue
    yield lines.map((line, i) => write(line, first && i === 0)).join('')
    first = false
  }
  if (end !== '') yield end
}

const piecesOf = async function* (
  store: Pick<Store, 'findAudit'>,
  filter: AuditFilter,
): AsyncGenerator<readonly FoundLine[]> {
  let page = await findLines(store, filter, { limit: PIECE })
  for (;;) {
    yield page.lines
    if (page.next === undefined) return
    page = await findLines(store, filter, { limit: PIECE, before: page.next })
  }
}

const COLUMNS = ['n', 'time', 'actor', 'action', 'subject', 'concerns', 'details'] as const

const csvLine = ({ n, at, actor, action, subject = '', concerns = [], details }: FoundLine) =>
  `${[
    String(n),
    new Date(at).toISOString(),
    actor,
    action,
    subject,
    concerns.join(' '),
    details === undefined ? '' : JSON.stringify(details),
  ]
    .map(csvCell)
    .join(',')}\r\n`

interface Format {
  readonly begin: string
  write(line: FoundLine, isFirst: boolean): string
  readonly end: string
}

const formats: Record<ExportFormat, Format> = {
  csv: { begin: `${COLUMNS.join(',')}\r\n`, write: csvLine, end: '' },
  json: {
    begin: '[',
    write: ({ at, ...line }, isFirst) =>
      `${isFirst ? '\n' : ',\n'}${JSON.stringify({ ...line, time: new Date(at).toISOString() })}`,
    end: '\n]\n',
  },
}
