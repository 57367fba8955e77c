/** What files may cost. */

/** Largest file, bytes. */
export const MAX_FILE_BYTES = 100 * 1024 * 1024
/** Most bytes, and most files, of one person's uploads that are under way. */
export const MAX_PENDING_BYTES = 400 * 1024 * 1024
export const MAX_PENDING_UPLOADS = 40
/** How long, ms, an upload may stay unfinished. */
export const UPLOAD_LIFETIME = 24 * 3_600_000
