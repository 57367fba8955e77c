/**
 * Which root types of which document belong to which member: `sys` to the server (index 0),
 * `log:<i>` and `state:<i>` of a page to member i, `prefs` of a user document to its user (index 1).
 */
import type { MemberIndex } from '../base/client-id.ts'
import type { DocRef } from '../base/ids.ts'

/** Root type in which the server alone writes. */
export const SYS = 'sys'
/** Root type of a user document for the person's own, synced settings. */
export const PREFS = 'prefs'
/** Index of a user in their own user document. */
export const OWNER_INDEX: MemberIndex = 1

export const logName = (index: MemberIndex): string => `log:${index}`
export const stateName = (index: MemberIndex): string => `state:${index}`

const rootPattern = /^(log|state):(0|[1-9]\d{0,3})$/
/** The member behind a page's root type, and which of their two types it is. */
export const readRootName = (
  name: string,
): { part: 'log' | 'state'; index: MemberIndex } | undefined => {
  const match = rootPattern.exec(name)
  return match === null ? undefined : { part: match[1] as 'log' | 'state', index: Number(match[2]) }
}

/** What one member may write in one document. */
export type Lane =
  | { kind: 'page'; index: MemberIndex; log: string; state: string }
  | { kind: 'prefs'; index: MemberIndex; map: string }
  | { kind: 'none' }

export const laneOf = (doc: DocRef, index: MemberIndex): Lane => {
  switch (doc.kind) {
    case 'page':
      return { kind: 'page', index, log: logName(index), state: stateName(index) }
    case 'user':
      return { kind: 'prefs', index: OWNER_INDEX, map: PREFS }
    case 'chat':
      return { kind: 'none' }
  }
}
