/**
 * What is left of a device that was removed: that it was, and what it had not sent, until the person
 * has taken it along. Beside the database, which is deleted first.
 */
import type { Removal } from '../features/devices/removed-screen.tsx'
import type { UnsentNote } from '../features/devices/unsent-as-text.ts'

export type { Removal, UnsentNote }

const NOTE = 'wardline-removed'

/** Null when the device was not removed, or nothing of it can be read. */
export const readRemoval = (kept: Pick<Storage, 'getItem'> = localStorage): Removal | null => {
  try {
    const { by, unsent } = JSON.parse(kept.getItem(NOTE) ?? 'null') ?? {}
    if (by !== 'person' && by !== 'clinic') return null
    return { by, unsent: Array.isArray(unsent) ? unsent.flatMap(noteIn) : [] }
  } catch {
    return null
  }
}

/**
 * Keeps it over a restart. Where there is no room for all that was written, the oldest of it goes:
 * that the device was removed has to be known in any case.
 */
export const keepRemoval = (
  { by, unsent }: Removal,
  kept: Pick<Storage, 'setItem'> = localStorage,
): void => {
  for (let from = 0; ; from += Math.max(1, Math.ceil((unsent.length - from) / 2))) {
    try {
      return kept.setItem(NOTE, JSON.stringify({ by, unsent: unsent.slice(from) }))
    } catch (error) {
      if (from >= unsent.length) throw error
    }
  }
}

export const forgetRemoval = (): void => localStorage.removeItem(NOTE)

const noteIn = (value: unknown): UnsentNote[] => {
  const { to, at, text, files } = (value ?? {}) as Record<string, unknown>
  if (typeof to !== 'string' || typeof text !== 'string') return []
  const names = Array.isArray(files) ? files.filter((name) => typeof name === 'string') : []
  return [{ to, at: typeof at === 'number' ? at : null, text, files: names }]
}
