/** Bounds on one update, checked while it is read, before anything is allocated for it. */
export interface ParseLimits {
  /** Bytes of the whole update. */
  readonly bytes: number
  /** Clients with structs, and clients with deletes. */
  readonly clients: number
  /** Structs of all clients together. */
  readonly structs: number
  /** Decoded values (log entries, map values) of all strict blocks together. */
  readonly values: number
  /** Encoded size of one value, in bytes. */
  readonly valueBytes: number
  /** How deep arrays and objects of one value may nest. */
  readonly valueDepth: number
  /** Ranges in the delete set. */
  readonly deletes: number
}

/**
 * What one frame of a client may hold. A body may have 64 KiB, `seen` and the stub of a
 * retraction at most 60 kB each, so a value of 192 KiB is never refused by size alone.
 */
export const CLIENT_LIMITS: ParseLimits = {
  bytes: 8 * 1024 * 1024,
  clients: 20_000,
  structs: 200_000,
  values: 100_000,
  valueBytes: 192 * 1024,
  valueDepth: 8,
  deletes: 100_000,
}

/** For bytes out of our own storage, which were judged when they came. */
export const STORED_LIMITS: ParseLimits = {
  bytes: Number.POSITIVE_INFINITY,
  clients: Number.POSITIVE_INFINITY,
  structs: Number.POSITIVE_INFINITY,
  values: Number.POSITIVE_INFINITY,
  valueBytes: Number.POSITIVE_INFINITY,
  valueDepth: 64,
  deletes: Number.POSITIVE_INFINITY,
}
