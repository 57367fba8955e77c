/** Asks how the clinic presents itself. Nobody has to be signed in for that. */
import { type ClinicView, parseClinic } from '../base/clinic.ts'

export type ClinicAnswer =
  | { kind: 'clinic'; clinic: ClinicView; tag: string }
  /** As the tag says. */
  | { kind: 'same' }
  | { kind: 'unreachable' }

/** How long it may take, in ms. */
const LIMIT = 15_000

/** Never rejects. @param tag of the answer before; '' for none */
export const askClinic = async (tag: string): Promise<ClinicAnswer> => {
  try {
    const response = await fetch('/api/clinic', {
      headers: { Accept: 'application/json', ...(tag !== '' && { 'If-None-Match': tag }) },
      // The tag is the app's to know: with it, the browser has nothing to keep.
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      signal: AbortSignal.timeout(LIMIT),
    })
    if (response.status === 304) return { kind: 'same' }
    const clinic = response.ok ? parseClinic(await response.json()) : undefined
    if (clinic === undefined) return { kind: 'unreachable' }
    return { kind: 'clinic', clinic, tag: response.headers.get('ETag') ?? '' }
  } catch {
    return { kind: 'unreachable' }
  }
}
