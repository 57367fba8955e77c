/** Looks for lines of the audit trail: by person, kind and time, newest first, page by page. */
import { type AuditLine, readAuditText } from '../storage/audit.ts'
import {
  ALL_LINES,
  type AuditPlace,
  aboutTerm,
  actionTerm,
  kindOf,
  kindTerm,
  timeOf,
} from '../storage/audit-index.ts'
import type { Store } from '../storage/store.ts'

/** What all lines that are found have in common; what is left out may be anything. */
export interface AuditFilter {
  /** Id of a person, chat or other thing that acts, is acted upon, or is concerned. */
  readonly about?: string
  /** An action such as `user.disabled`, or the kind of it: what stands before the dot. */
  readonly action?: string
  /** Milliseconds since 1970: not before. */
  readonly from?: number
  /** Milliseconds since 1970: before. */
  readonly until?: number
}

/** A line with its number in the chain. */
export interface FoundLine extends AuditLine {
  readonly n: number
}

export interface FoundLines {
  readonly lines: readonly FoundLine[]
  /** Where to go on for older ones; undefined: there are none. */
  readonly next: AuditPlace | undefined
}

/** Lines that one question reads at most: those of a busy person, of which few are of a kind. */
const LINES_READ = 4_096
/** Lines read at once. */
const STEP = 256

/** Rejects with `StoreError`. There may be older ones although none were found: see `next`. */
export const findLines = async (
  store: Pick<Store, 'findAudit'>,
  filter: AuditFilter,
  { limit, before }: { readonly limit: number; readonly before?: AuditPlace },
): Promise<FoundLines> => {
  const { from, until, action } = filter
  const question = {
    term: termOf(filter),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  }
  const matches = (line: AuditLine): boolean =>
    action === undefined || line.action === action || kindOf(line.action) === action
  const lines: FoundLine[] = []
  let place = before
  for (let read = 0; read < LINES_READ; read += STEP) {
    const some = await store.findAudit({ ...question, ...(place && { before: place }) }, STEP)
    for (const { n, text } of some) {
      const line = readAuditText(text)
      if (line === undefined) continue
      place = { at: timeOf(line.at), n }
      if (!matches(line)) continue
      lines.push({ n, ...line })
      if (lines.length === limit) return { lines, next: place }
    }
    if (some.length < STEP) return { lines, next: undefined }
  }
  return { lines, next: place }
}

/** The narrowest that there is an index for. */
const termOf = ({ about, action }: AuditFilter): string => {
  if (about !== undefined) return aboutTerm(about)
  if (action === undefined) return ALL_LINES
  return action.includes('.') ? actionTerm(action) : kindTerm(action)
}

/** A place as text that a client hands back. */
export const writePlace = ({ at, n }: AuditPlace): string => `${at}-${n}`

/** Undefined for a text that {@link writePlace} did not write. */
export const readPlace = (text: string): AuditPlace | undefined => {
  const [, at, n] = /^(\d{1,16})-(\d{1,16})$/.exec(text) ?? []
  return at === undefined ? undefined : { at: Number(at), n: Number(n) }
}
