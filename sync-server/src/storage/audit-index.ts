/**
 * Under what a line of the audit trail is found: the people and things that it names, and its
 * action. An index has the lines of each term by time, so that a question costs what it finds and
 * not what there is.
 */
import type { AuditLine } from './audit.ts'

/** Every line, by time. */
export const ALL_LINES = '*'
/** Lines in which somebody, or something with an id, acts or is acted upon. */
export const aboutTerm = (id: string): string => `a/${escaped(id)}`
/** Lines that say that this was done. */
export const actionTerm = (action: string): string => `d/${escaped(action)}`

/** Lines of all actions of a kind. */
export const kindTerm = (kind: string): string => `k/${escaped(kind)}`
/** What stands before the dot of an action. */
export const kindOf = (action: string): string => action.split('.', 1)[0] ?? action

/** Of an id that nobody here gives out; more of it would tell nothing. */
const TERM_LENGTH = 200

/** Without `!`, which ends a term in a key, and in ASCII. */
const escaped = (text: string): string =>
  text
    .replace(/[^\w.:@/-]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
    .slice(0, TERM_LENGTH)

/** The terms of a line, each once. */
export const termsOf = ({ actor, action, subject, concerns = [] }: AuditLine): Set<string> =>
  new Set([
    ALL_LINES,
    actionTerm(action),
    kindTerm(kindOf(action)),
    ...[actor, ...(subject === undefined ? [] : [subject]), ...concerns].map(aboutTerm),
  ])

/** Where a line lies among those of a term. */
export interface AuditPlace {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly n: number
}

/** What is sought, newest first. */
export interface AuditQuestion {
  readonly term: string
  /** Milliseconds since 1970: not before. */
  readonly from?: number
  /** Milliseconds since 1970: before. */
  readonly until?: number
  /** Older than this one: the last that came with the answer before. */
  readonly before?: AuditPlace
}

/** A time as it is put into keys: whole, and none before 1970. */
export const timeOf = (at: number): number =>
  Number.isFinite(at) ? Math.min(Math.max(0, Math.floor(at)), Number.MAX_SAFE_INTEGER) : 0

/** Whether a place lies in what a question asks for; for who has no keys to look up. */
export const isAsked = ({ from, until, before }: AuditQuestion, { at, n }: AuditPlace): boolean =>
  at >= timeOf(from ?? 0) &&
  (until === undefined || at < timeOf(until)) &&
  (before === undefined || at < before.at || (at === before.at && n < before.n))

/** Later ones first. */
export const newestFirst = (a: AuditPlace, b: AuditPlace): number => b.at - a.at || b.n - a.n
