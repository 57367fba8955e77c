/** How a view names a message: `<yyyy-mm>/<writer>.<n>`, unique in its chat. */

import type { Writer } from '../../base/client-id.ts'
import { type Month, parseMonth } from '../../base/ids.ts'
import { type EntryId, entryId } from '../../chat/entry.ts'

export type MessageKey = `${Month}/${EntryId}` | OutgoingKey

/** A message that is on its way with its files, and has no place yet. */
export type OutgoingKey = `outgoing/${string}`

export const outgoingKey = (id: string): OutgoingKey => `outgoing/${id}`

/** Undefined for the key of a message that has its place. */
export const readOutgoingKey = (key: string): string | undefined =>
  key.startsWith('outgoing/') ? key.slice('outgoing/'.length) : undefined

export interface MessagePlace {
  month: Month
  writer: Writer
  n: number
}

export const messageKey = ({ month, writer, n }: MessagePlace): MessageKey =>
  `${month}/${entryId(writer, n)}`

/** Undefined for what is no key. A refused message has writer -1 and its time for n. */
export const readMessageKey = (key: string): MessagePlace | undefined => {
  const match = /^(\d{4}-\d{2})\/(-?\d{1,13})\.(\d{1,15})$/.exec(key)
  const month = parseMonth(match?.[1] ?? '')
  return month && { month, writer: Number(match?.[2]), n: Number(match?.[3]) }
}

/** Undefined for what is no key of a message that has its place. */
export const parseMessageKey = (text: string): MessageKey | undefined => {
  const place = readMessageKey(text)
  return place && messageKey(place)
}

/** Writer in the key of a refused message, which has no entry; no real writer is negative. */
export const REFUSED_WRITER = -1
