/**
 * Awareness updates as y-protocols writes them: a count, then client id, clock and the state as
 * JSON for each client; `null` for one that left. Only this much of awareness is needed here, so
 * no Awareness instance with its timers stands behind it.
 */
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

export interface AwarenessEntry {
  client: number
  clock: number
  /** Any JSON value of the client's; null when it left. */
  state: unknown
}

/** Most entries in one update. */
export const MAX_AWARENESS_ENTRIES = 256

export const writeAwareness = (entries: readonly AwarenessEntry[]): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, entries.length)
    for (const { client, clock, state } of entries) {
      encoding.writeVarUint(encoder, client)
      encoding.writeVarUint(encoder, clock)
      encoding.writeVarString(encoder, JSON.stringify(state ?? null))
    }
  })

/** Undefined for bytes that are no awareness update. */
export const readAwareness = (bytes: Uint8Array): AwarenessEntry[] | undefined => {
  try {
    const decoder = decoding.createDecoder(bytes)
    const count = decoding.readVarUint(decoder)
    if (count > MAX_AWARENESS_ENTRIES) return undefined
    const entries: AwarenessEntry[] = []
    for (let i = 0; i < count; i++)
      entries.push({
        client: decoding.readVarUint(decoder),
        clock: decoding.readVarUint(decoder),
        state: JSON.parse(decoding.readVarString(decoder)),
      })
    return entries
  } catch {
    return undefined
  }
}
