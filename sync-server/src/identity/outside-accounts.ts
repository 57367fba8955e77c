/**
 * Accounts of people whom somebody outside vouches for: found by who they are there, linked by an
 * address that was verified there, or made. All that a sign-in changes about an account is one commit.
 */
import type { UserId } from '@wardline/core/base/ids'
import { parseRoles } from '@wardline/core/chat/role'
import type { Clock } from '@wardline/core/time/clock'
import { contend } from '@wardline/core/time/contend'
import { Lru } from '../base/lru.ts'
import { type Rate, TokenBucket } from '../budget/token-bucket.ts'
import type { GivenRole } from '../config/identity-config.ts'
import type { CommitChange } from '../directory/commit-change.ts'
import { type Directory, newUserId, takenOf } from '../directory/directory.ts'
import {
  identitiesOf,
  identityKey,
  linkWrites,
  readIdentity,
} from '../directory/identity-record.ts'
import type { ProfileChange } from '../directory/profile-change.ts'
import type { ChangeProblem, PreparedChange } from '../directory/profiles.ts'
import type { Role } from '../directory/role.ts'
import type { User } from '../directory/user.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { AuditLine } from '../storage/audit.ts'
import type { RecordWrite, Store } from '../storage/store.ts'
import type { OutsidePerson } from './claims.ts'

/** How often one person may come, over all their devices. */
const RATE: Rate = { perSecond: 0.2, burst: 60 }
/** People whose buckets are remembered; a forgotten one is full again. */
const KEPT = 10_000

export interface OutsideAccountsOptions {
  readonly store: Pick<Store, 'getRecord' | 'listRecords'>
  readonly directory: Pick<Directory, 'findByEmail' | 'getUser' | 'prepareUser' | 'profiles'>
  readonly commit: CommitChange
  readonly clock: Clock
}

/** Methods reject with `StoreError`. */
export class OutsideAccounts {
  readonly #options: OutsideAccountsOptions
  readonly #buckets = new Lru<string, TokenBucket>(KEPT)

  constructor(options: OutsideAccountsOptions) {
    this.#options = options
  }

  /**
   * Whose account it is, as it is from now on. Fails with `account-missing`, `account-inactive`,
   * `account-conflict`, `role-missing`, `profile-incomplete`, `email-unverified`,
   * `too-many-requests`, `server-busy`; nothing has changed then.
   */
  async settle(person: OutsidePerson): Promise<Result<UserId, Failure>> {
    const wait = this.#wait(identityKey(person))
    if (wait > 0) return err({ code: 'too-many-requests', retryAfter: Math.ceil(wait / 1000) })
    const settled = await contend(() => this.#settle(person))
    return settled ?? err({ code: 'server-busy', retryAfter: 1 })
  }

  /** Milliseconds. */
  #wait(key: string): number {
    const now = this.#options.clock.elapsed()
    const bucket = this.#buckets.get(key) ?? new TokenBucket(RATE, now)
    this.#buckets.set(key, bucket)
    const wait = bucket.wait(now)
    if (wait === 0) bucket.take(1, now)
    return wait
  }

  /** Undefined when somebody else changed meanwhile what it builds on. */
  async #settle(person: OutsidePerson): Promise<Result<UserId, Failure> | undefined> {
    const { store, directory } = this.#options
    const known = await store.getRecord(identityKey(person))
    if (known !== undefined) {
      const user = await directory.getUser(readIdentity(known.value))
      return user === undefined ? failure('account-inactive') : this.#follow(user, person)
    }
    const { email } = person
    const owner = email && (await directory.findByEmail(email.address))
    if (owner === undefined) return this.#make(person)
    // Whoever can write any address into a profile somewhere would be let into the account.
    if (email?.verified !== true) return failure('email-unverified')
    const others = await identitiesOf(this.#options.store, owner.id)
    // An address can be given to somebody else; a name for good cannot.
    if (others.some(({ issuer }) => issuer === person.issuer)) return failure('account-conflict')
    return this.#follow(owner, person, linkWrites(owner.id, person))
  }

  async #make(person: OutsidePerson): Promise<Result<UserId, Failure> | undefined> {
    const roles = rolesFor(person)
    if (!roles.ok) return roles
    if (roles.value === undefined) return failure('account-missing')
    const { name = '', email } = person
    const account = { id: newUserId(), name, roles: roles.value }
    const address = email?.verified === true ? email.address : undefined
    const { directory } = this.#options
    let made = await directory.prepareUser({ ...account, ...(address && { email: address }) })
    // One that mail servers know and this one does not: the account goes without.
    if (!made.ok && made.error === 'bad-email') made = await directory.prepareUser(account)
    if (!made.ok)
      return failure(made.error === 'bad-name' ? 'profile-incomplete' : 'account-conflict')
    const { records, audit, done } = made.value
    const commit = await this.#options.commit({
      records: [...linkWrites(account.id, person), ...records],
      audit: [...audit, this.#linked(account.id, person)],
    })
    if (commit.kind === 'committed') return ok(done().id)
    const links = linkWrites(account.id, person).length
    return takenOf(records[commit.index - links]) === 'id-taken'
      ? failure('server-busy')
      : undefined
  }

  /** What is said of them elsewhere is so here too, as far as it can be. */
  async #follow(
    user: User,
    person: OutsidePerson,
    links: readonly RecordWrite[] = [],
  ): Promise<Result<UserId, Failure> | undefined> {
    if (user.status !== 'active' && user.status !== 'invited') return failure('account-inactive')
    const roles = rolesFor(person)
    if (!roles.ok) return roles
    const { email } = person
    const changes: ProfileChange = {
      ...(user.status === 'invited' && { status: 'active' as const }),
      ...(roles.value !== undefined && { roles: roles.value }),
      ...(email?.verified === true && { email: email.address }),
    }
    const prepared = await this.#prepare(user.id, changes)
    if (!prepared.ok) return prepared
    const { before, records, appends, audit, done } = prepared.value
    // Shut out since it was looked at.
    if (before.status !== user.status) return undefined
    if (records.length + links.length === 0) return ok(user.id)
    const commit = await this.#options.commit({
      records: [...records, ...links],
      appends,
      audit: [...audit, ...(links.length > 0 ? [this.#linked(user.id, person)] : [])],
    })
    if (commit.kind === 'conflict') return undefined
    done(commit)
    return ok(user.id)
  }

  /**
   * What cannot be followed is left as it is: an address that somebody else has here, and that the
   * last admin is none any more.
   */
  async #prepare(id: UserId, change: ProfileChange): Promise<Result<PreparedChange, Failure>> {
    const prepared = await this.#options.directory.profiles.prepare(id, change, {
      actor: 'server',
    })
    if (prepared.ok) return prepared
    const { email, ...withoutEmail } = change
    const { roles, ...withoutRoles } = change
    const { error } = prepared
    if (email !== undefined && (error === 'email-taken' || error === 'bad-email'))
      return this.#prepare(id, withoutEmail)
    if (roles !== undefined && error === 'last-admin') return this.#prepare(id, withoutRoles)
    return err({ code: problems[error] ?? 'account-conflict' })
  }

  #linked(user: UserId, { issuer }: OutsidePerson): AuditLine {
    const at = this.#options.clock.now()
    return { at, actor: user, action: 'identity.linked', subject: user, details: { issuer } }
  }
}

const problems: Readonly<Partial<Record<ChangeProblem, Failure['code']>>> = {
  'user-not-found': 'account-inactive',
  busy: 'server-busy',
}

/**
 * Undefined where the issuer has no say in them. Fails with `role-missing`. Who works at the clinic and
 * is a patient of it as well comes as who they are at work: one account cannot be both.
 */
const rolesFor = ({ roles }: OutsidePerson): Result<readonly Role[] | undefined, Failure> => {
  if (roles === undefined) return ok(undefined)
  const atWork: readonly GivenRole[] = roles.filter((role) => role !== 'patient')
  const fitting = parseRoles(roles) ?? parseRoles(atWork)
  return fitting === undefined ? failure('role-missing') : ok(fitting)
}
