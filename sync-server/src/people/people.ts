/**
 * The life of accounts, from the clinic's side. Each step is one commit with its audit line: the
 * account, the chats that show it, and the end of its sessions. Then come the effects on what is
 * open.
 */
import type { UserId } from '@wardline/core/base/ids'
import { contend } from '@wardline/core/time/contend'
import type { Auth } from '../auth/auth.ts'
import type { EndReason } from '../auth/session-end.ts'
import type { CommitChange } from '../directory/commit-change.ts'
import type { Directory } from '../directory/directory.ts'
import type { ProfileChange } from '../directory/profile-change.ts'
import type { Status, User } from '../directory/user.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { Commit } from '../storage/store.ts'
import type { PersonProblem } from './person-problem.ts'

export interface PeopleOptions {
  readonly directory: Pick<Directory, 'getUser' | 'profiles'>
  readonly auth: Pick<Auth, 'prepareEnds'>
  readonly commit: CommitChange
  /** Milliseconds since 1970. */
  now(): number
}

/** What becomes of an account, and of the sessions of its person. */
interface Step {
  /** In which states it can be done. */
  readonly from: readonly Status[]
  readonly action: string
  /** Why the sessions end; undefined: they stay. */
  readonly ends?: EndReason
  readonly change: ProfileChange
}

/**
 * `actor` is the user id of who does it, or another word for the audit trail. Methods fail with
 * `user-not-found`, `wrong-status` and `busy`, and reject with `StoreError`.
 */
export class People {
  readonly #options: PeopleOptions

  constructor(options: PeopleOptions) {
    this.#options = options
  }

  /**
   * Name, specialty, birth date, e-mail and roles. Devices follow, in chats that exist too. New
   * roles hold at once: access tokens with others are good no more. Fails with what is wrong with a
   * field, `email-taken`, `last-admin`.
   */
  change(
    id: UserId,
    {
      name,
      specialty,
      birthDate,
      email,
      roles,
    }: Pick<ProfileChange, 'name' | 'specialty' | 'birthDate' | 'email' | 'roles'>,
    actor: string,
  ): Promise<Result<User, PersonProblem>> {
    return this.#take(id, actor, {
      from: ['invited', 'active', 'disabled', 'closed'],
      action: 'user.changed',
      change: {
        ...(name !== undefined && { name }),
        ...(specialty !== undefined && { specialty }),
        ...(birthDate !== undefined && { birthDate }),
        ...(email !== undefined && { email }),
        ...(roles !== undefined && { roles }),
      },
    })
  }

  /** Shuts somebody out until {@link enable}. Fails with `last-admin`. */
  disable(id: UserId, actor: string): Promise<Result<User, PersonProblem>> {
    return this.#take(id, actor, {
      from: ['invited', 'active'],
      action: 'user.disabled',
      ends: 'disabled',
      change: { status: 'disabled' },
    })
  }

  /** Lets in again who was disabled, or whose account was closed and not erased yet. */
  enable(id: UserId, actor: string): Promise<Result<User, PersonProblem>> {
    return this.#take(id, actor, {
      from: ['disabled', 'closed'],
      action: 'user.enabled',
      change: { status: 'active', closedAt: null },
    })
  }

  /**
   * Somebody leaves: they are shut out, and their chats stay for the others, marked. Fails with
   * `last-admin`.
   */
  close(id: UserId, actor: string): Promise<Result<User, PersonProblem>> {
    return this.#take(id, actor, {
      from: ['invited', 'active', 'disabled'],
      action: 'user.closed',
      ends: 'closed',
      change: { status: 'closed', closedAt: this.#options.now() },
    })
  }

  /** Nothing of the account may be erased, for this reason. Fails with `bad-hold`. */
  hold(id: UserId, reason: string, actor: string): Promise<Result<User, PersonProblem>> {
    return this.#take(id, actor, {
      from: ['invited', 'active', 'disabled', 'closed'],
      action: 'user.held',
      change: { hold: reason },
    })
  }

  release(id: UserId, actor: string): Promise<Result<User, PersonProblem>> {
    return this.#take(id, actor, {
      from: ['invited', 'active', 'disabled', 'closed'],
      action: 'user.released',
      change: { hold: null },
    })
  }

  async #take(id: UserId, actor: string, step: Step): Promise<Result<User, PersonProblem>> {
    const { directory, auth, commit } = this.#options
    const taken = await contend<Result<User, PersonProblem>>(async () => {
      const { action, ends } = step
      const profile = await directory.profiles.prepare(id, step.change, { actor, action })
      // What cannot be done is said before what is wrong with it.
      const before = profile.ok ? profile.value.before : await directory.getUser(id)
      if (before !== undefined && !step.from.includes(before.status)) return err('wrong-status')
      if (!profile.ok) return profile
      const { user, records, appends, audit } = profile.value
      const ended = ends && (await auth.prepareEnds(id, { actor, reason: ends }))
      const durable = once((done) => {
        profile.value.done(done)
        ended?.done()
      })
      const change = {
        records: [...records, ...(ended?.records ?? [])],
        appends,
        audit: [...audit, ...(ended?.audit ?? [])],
      }
      const done = await commit(change, durable)
      if (done.kind === 'conflict') return undefined
      durable(done)
      return ok(user)
    })
    return taken ?? err('busy')
  }
}

/** Whoever hears of a durable change first acts on it: before anybody is told, where that can be. */
const once = (act: (commit: Commit) => void): ((commit: Commit) => void) => {
  let acted = false
  return (commit) => {
    if (acted || commit.kind === 'conflict') return
    acted = true
    act(commit)
  }
}
