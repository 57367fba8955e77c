import type { Clock } from '@wardline/core/time/clock'
import type { Auth } from '../auth/auth.ts'
import type { Clinic } from '../clinic/clinic.ts'
import type { Directory } from '../directory/directory.ts'
import type { WaysIn } from '../links/ways-in.ts'
import type { People } from '../people/people.ts'
import type { PersonExport } from '../person-export/person-export.ts'
import type { Store } from '../storage/store.ts'
import type { Vitals } from './vitals.ts'

/** Whoever uses the command on the machine, in the audit trail. */
export const OPERATOR = 'operator'

/**
 * What operations work on: the parts of a running server, or the same parts over the database of a
 * stopped one.
 */
export interface AdminContext {
  readonly store: Store
  readonly directory: Directory
  readonly auth: Auth
  readonly people: People
  readonly exports: PersonExport
  readonly waysIn: WaysIn
  /** Origin at which people open the app, where that is known. */
  readonly appUrl?: string | undefined
  readonly clinic: Clinic
  readonly clock: Clock
  /** Of a running server only. */
  readonly vitals?: Vitals
  /** Who asks, for the audit trail: a user id, or {@link OPERATOR}. */
  readonly actor: string
}
