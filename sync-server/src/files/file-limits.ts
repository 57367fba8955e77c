/** What files may cost. */

/** Largest file, bytes. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024
/** Most bytes, and most files, of one person's uploads that are under way. */
export const MAX_PENDING_BYTES = 400 * 1024 * 1024
export const MAX_PENDING_UPLOADS = 40
/** Most bytes of a person's files that no message has: those of messages that are on their way. */
export const MAX_UNREFERENCED_BYTES = 512 * 1024 * 1024
/** How long, ms, such a file is kept. */
export const UNREFERENCED_LIFETIME = 7 * 24 * 3_600_000
/** How long, ms, a message has to arrive before it is looked for. */
export const REFERENCE_AGE = 24 * 3_600_000
/** How long, ms, an upload may stay unfinished. */
export const UPLOAD_LIFETIME = 24 * 3_600_000
