/** Whether somebody who is signed in knows their password. */
import type { UserId } from '@wardline/core/base/ids'
import { readUser, type User, userKey } from '../directory/user.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { ok, type Result } from '../errors/result.ts'
import type { Store } from '../storage/store.ts'
import type { Attempt, PasswordCheck } from './password-check.ts'

export interface PasswordAttempt {
  readonly userId: UserId
  readonly password: string
  /** The client's network address. */
  readonly address: string
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

interface Parts {
  readonly store: Pick<Store, 'getRecord' | 'commit'>
  readonly passwords: PasswordCheck
  readonly now: () => number
}

/**
 * Their account, and the attempt that others of theirs are counted with. Fails with `wrong-password`,
 * also for who has none, which is noted; `too-many-attempts` for who guesses, as at signing in;
 * `server-busy`.
 */
export const checkOwnPassword = async (
  { store, passwords, now }: Parts,
  { userId, password, address, signal }: PasswordAttempt,
): Promise<Result<{ readonly user: User; readonly attempt: Attempt }, Failure>> => {
  const found = await store.getRecord(userKey(userId))
  const user = found && readUser(found.value)
  if (user === undefined) return failure('session-ended')
  const attempt = { account: user.email ?? user.id, address, signal }
  const refusal = passwords.refusal(attempt)
  if (refusal !== undefined) return refusal
  const checked = await passwords.matches(attempt, password, user.passwordHash)
  if (!checked.ok) return checked
  if (checked.value) return ok({ user, attempt })
  const line = { at: now(), actor: userId, action: 'password.refused', details: { address } }
  await store.commit({ audit: [line] })
  return failure('wrong-password')
}
