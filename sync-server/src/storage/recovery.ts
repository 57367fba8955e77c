/**
 * The database is another one than it was: a copy was put in its place, or it lost its end. It gets
 * a new epoch then, by which every device gives back what it has, and the fact is kept.
 */
import { z } from 'zod'
import { type CheckedChange, checkChange } from './check-input.ts'
import type { Loss } from './loss.ts'
import type { Store } from './store.ts'

const KEY = 'recovery'

const recoverySchema = z.object({
  /** When it was noticed or said, ms. */
  at: z.number(),
  /** `restored`: somebody put a copy in place and said so. `lost`: the server noticed. */
  reason: z.enum(['restored', 'lost']),
  /** See {@link Loss}. */
  missing: z.number().optional(),
  knownAt: z.number().optional(),
  dropped: z.number().optional(),
})

export type Recovery = Readonly<z.infer<typeof recoverySchema>>

/** What is stored together with the new epoch: the fact, and a line of the audit trail. */
export const recoveryChange = (at: number, loss: Partial<Loss> | undefined): CheckedChange => {
  const { missing, knownAt, dropped } = loss ?? {}
  const known = {
    ...(missing !== undefined && { missing }),
    ...(knownAt !== undefined && { knownAt }),
    ...(dropped !== undefined && dropped > 0 && { dropped }),
  }
  const reason = loss === undefined ? 'restored' : 'lost'
  return checkChange({
    records: [{ key: KEY, value: { at, reason, ...known } }],
    audit: [{ at, actor: 'server', action: `store.${reason}`, details: known }],
  })
}

/** The last time that the database became another one. Rejects with `StoreError`. */
export const readRecovery = async (
  store: Pick<Store, 'getRecord'>,
): Promise<Recovery | undefined> =>
  recoverySchema.safeParse((await store.getRecord(KEY))?.value).data
