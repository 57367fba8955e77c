/** What the doctor finds, and what whoever runs the clinic can do about it. */
import type { DocName } from '@wardline/core/base/ids'

export type ProblemKind = 'disk' | 'document' | 'chat' | 'account' | 'file' | 'audit' | 'erasing'

export interface Problem {
  readonly kind: ProblemKind
  /** One line that names what is wrong. */
  readonly what: string
  /** The document into which the server can write again what is missing. */
  readonly mends?: DocName
}

const advice: Record<ProblemKind, string> = {
  disk: 'Look at the disk, and copy DATA_DIR while it can be read. The server starts on it, leaves out what cannot be read, and says so; if accounts are among that, put a backup in place.',
  document:
    'Start the server: it begins a damaged document anew with what can be read of it, and the devices of its people give it again.',
  chat: 'With the server stopped, run admin.js mend: it writes again what follows from the other records. What it cannot is in the last backup.',
  account:
    'With the server stopped, run admin.js mend: an address can be derived from its account. An account itself is only in the last backup.',
  file: 'Start the server: a device that has the file gives it back. What no device has can be copied from files/ of the last backup.',
  audit:
    'Somebody, or the disk, changed the trail. Keep this copy, and compare it with the last backup and with tips that were noted elsewhere.',
  erasing: 'Start the server: it goes on with erasing what was taken back.',
}

/** Problems that are told one by one. */
const MOST_TOLD = 1_000

/** At most so many lines, with how many more there are. */
export const linesOf = (problems: readonly Problem[], most: number): readonly string[] => [
  ...problems.slice(0, most).map(({ what }) => what),
  ...(problems.length > most ? [`and ${problems.length - most} more`] : []),
]

/** Problems, one a line, then what to do about each kind that there is. */
export const reportOf = (problems: readonly Problem[]): readonly string[] => {
  const kinds = [...new Set(problems.map(({ kind }) => kind))]
  return [
    ...linesOf(problems, MOST_TOLD),
    'What to do:',
    ...kinds.map((kind) => `  ${nounOf[kind]}: ${advice[kind]}`),
  ]
}

const nounOf: Record<ProblemKind, string> = {
  disk: 'tables, log, values',
  document: 'documents',
  chat: 'chats',
  account: 'accounts',
  file: 'files',
  audit: 'audit trail',
  erasing: 'not erased yet',
}
