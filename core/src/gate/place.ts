/** Where a struct lies. */
import { readRootName } from '../chat/lanes.ts'
import type { StructId } from '../update/struct.ts'

/**
 * A list (root type, no key) or one value of a map (root type and key). A map value is a tree:
 * each item set without an origin starts a place of its own, whose items all lie before those of
 * a place that wins over it. Places are compared by identity.
 */
export interface Place {
  /** Null for what lies in no root type: collected, or inside a nested type. */
  readonly root: string | null
  readonly key: string | null
  /** Whether it is a member's log, whose clocks are entries. */
  readonly log: boolean
  /** The item that started it; null for a list. */
  readonly first: StructId | null
}

/** Of structs that lie in no root type. */
export const NOWHERE: Place = { root: null, key: null, log: false, first: null }

export const listPlace = (root: string): Place => ({
  root,
  key: null,
  log: readRootName(root)?.part === 'log',
  first: null,
})

export const mapPlace = (root: string, key: string, first: StructId): Place => ({
  root,
  key,
  log: false,
  first,
})

/**
 * Whether of two places of the same key `a` holds the value that Yjs shows: the one with the
 * higher client id; of two by one client the earlier. Source: Item.integrate in yjs 13.6.
 */
export const winsOver = (a: Place, b: Place): boolean => {
  if (a.first === null || b.first === null) return false
  if (a.first.client !== b.first.client) return a.first.client > b.first.client
  return a.first.clock < b.first.clock
}
