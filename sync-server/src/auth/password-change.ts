/** Somebody who knows their password chooses another one. */
import type { UserId } from '@wardline/core/base/ids'
import { contend } from '@wardline/core/time/contend'
import { createdAtOf, readUser, userKey, writeUser } from '../directory/user.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { Store } from '../storage/store.ts'
import { checkOwnPassword } from './own-password.ts'
import type { PasswordCheck } from './password-check.ts'
import type { SessionChanges } from './session-changes.ts'

export interface PasswordChange {
  readonly userId: UserId
  /** The session that asks: the only one that goes on. */
  readonly session: string
  readonly current: string
  readonly next: string
  /** The client's network address. */
  readonly address: string
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

interface Parts {
  readonly store: Pick<Store, 'getRecord' | 'commit'>
  readonly passwords: PasswordCheck
  readonly changes: SessionChanges
  readonly now: () => number
}

/**
 * Replaces the password and ends all other sessions, in one commit. Fails with `wrong-password`, also
 * for who has none; `too-many-attempts` for who guesses, as at signing in; what
 * {@link PasswordCheck.choose} says of the new one; `server-busy`.
 */
export const changePassword = async (
  { store, passwords, changes, now }: Parts,
  { userId, session, current, next, address, signal }: PasswordChange,
): Promise<Result<void, Failure>> => {
  const asked = { userId, password: current, address, ...(signal && { signal }) }
  const checked = await checkOwnPassword({ store, passwords, now }, asked)
  if (!checked.ok) return checked
  const { user, attempt } = checked.value
  const hashed = await passwords.choose(attempt, next, user)
  if (!hashed.ok) return hashed
  const changed = await contend<Result<void, Failure>>(async () => {
    const ends = await changes.ends(userId, {
      actor: userId,
      reason: 'password',
      except: session,
    })
    const record = await store.getRecord(userKey(userId))
    const account = record && readUser(record.value)
    if (record === undefined || account?.status !== 'active') return failure('session-ended')
    // Somebody has just chosen another one.
    if (account.passwordHash !== user.passwordHash) return failure('wrong-password')
    const value = writeUser({ ...account, passwordHash: hashed.value }, createdAtOf(record.value))
    const line = { at: now(), actor: userId, action: 'password.changed', subject: userId }
    const { kind } = await store.commit({
      records: [{ key: userKey(userId), value, expect: record.version }, ...ends.records],
      audit: [line, ...ends.audit],
    })
    if (kind === 'conflict') return undefined
    ends.done()
    return ok(undefined)
  })
  return changed ?? err({ code: 'server-busy', retryAfter: 1 })
}
