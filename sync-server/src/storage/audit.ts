import { createHash } from 'node:crypto'
import type { JsonObject } from '../base/json.ts'

/** Who did what, when. Lines are only ever added, in the same durable write as what they report. */
export interface AuditLine {
  /** Milliseconds since 1970, UTC. */
  readonly at: number
  /** User id of the one who acted, or `server`. */
  readonly actor: string
  /** What was done, e.g. `login.failed`. */
  readonly action: string
  /** What it was done to: a user, chat or device id. */
  readonly subject?: string
  /** Who else it is about: a patient, say, whose chat was opened. It is found under them, too. */
  readonly concerns?: readonly string[]
  readonly details?: JsonObject
}

/**
 * An audit line in the chain. `hash` covers the line's text and the hash before it, so that
 * nobody can change, remove or insert a line without changing every hash after it.
 */
export interface StoredAuditLine {
  /** 1, 2, 3 … without gaps. */
  readonly n: number
  /** The line as JSON, exactly as it was hashed. */
  readonly text: string
  /** SHA-256 in hex, see {@link auditHash}. */
  readonly hash: string
}

/** The end of the chain. Copied out of reach of the server, it also betrays a rewritten chain. */
export interface AuditTip {
  /** Number of the last line, 0 for an empty trail. */
  readonly n: number
  readonly hash: string
}

/** The tip of an empty trail. */
export const AUDIT_START: AuditTip = { n: 0, hash: '0'.repeat(64) }

/** SHA-256 over the hash of the line before, a line feed, and the line's text; in hex. */
export const auditHash = (previous: string, text: string): string =>
  createHash('sha256').update(previous).update('\n').update(text).digest('hex')

/** Puts a line at the end of the chain. */
export const chainAuditLine = (tip: AuditTip, line: AuditLine): StoredAuditLine => {
  const text = JSON.stringify(line)
  return { n: tip.n + 1, text, hash: auditHash(tip.hash, text) }
}

/** What a stored line says; undefined where somebody changed it into what is none. */
export const readAuditText = (text: string): AuditLine | undefined => {
  try {
    const line: unknown = JSON.parse(text)
    return isLine(line) ? line : undefined
  } catch {
    return undefined
  }
}

const isLine = (line: unknown): line is AuditLine =>
  typeof line === 'object' &&
  line !== null &&
  'at' in line &&
  typeof line.at === 'number' &&
  'actor' in line &&
  typeof line.actor === 'string' &&
  'action' in line &&
  typeof line.action === 'string'

export type AuditVerdict =
  | { readonly kind: 'intact'; readonly tip: AuditTip }
  /** `at`: number of the first line that is missing, changed or out of place. */
  | { readonly kind: 'broken'; readonly at: number }

/** What an {@link AuditLine} is called that says which lines were removed for their age. */
export const PRUNED = 'audit.pruned'

/** The part of a store that an audit needs. */
export interface AuditTrail {
  readAudit(from?: number): AsyncIterable<StoredAuditLine>
  auditTip(): Promise<AuditTip>
  /** The last line that was removed for its age; {@link AUDIT_START} if none was. */
  auditStart(): Promise<AuditTip>
}

/**
 * Recomputes the whole chain, from the first line that is kept. That those before it were removed
 * for their age has to be said in a line that is there. Lines that are added meanwhile do not
 * disturb it.
 *
 * @param anchor a tip noted earlier, elsewhere: detects a trail that was cut or rewritten whole
 */
export const verifyAudit = async (trail: AuditTrail, anchor?: AuditTip): Promise<AuditVerdict> => {
  const [start, end] = [await trail.auditStart(), await trail.auditTip()]
  let tip = start
  let explained = start.n === 0
  const broken = (at: number): AuditVerdict => ({ kind: 'broken', at })
  if (anchor?.n === start.n && anchor.hash !== start.hash) return broken(start.n + 1)
  for await (const line of trail.readAudit(start.n + 1)) {
    const n = tip.n + 1
    if (line.n !== n || line.hash !== auditHash(tip.hash, line.text)) return broken(n)
    tip = { n, hash: line.hash }
    if (n === anchor?.n && tip.hash !== anchor.hash) return broken(n)
    if (n === end.n && tip.hash !== end.hash) return broken(n)
    explained ||= explains(line.text, start)
  }
  if (tip.n < Math.max(end.n, anchor?.n ?? 0)) return broken(tip.n + 1)
  return explained ? { kind: 'intact', tip } : broken(start.n + 1)
}

/** Whether a line says that everything up to `start` was removed: it, or more, in several steps. */
const explains = (text: string, start: AuditTip): boolean => {
  const { action, details } = (text.includes(PRUNED) ? readAuditText(text) : undefined) ?? {}
  if (action !== PRUNED || typeof details?.through !== 'number') return false
  return details.through > start.n || (details.through === start.n && details.hash === start.hash)
}
