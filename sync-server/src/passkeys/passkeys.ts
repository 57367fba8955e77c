/** Passkeys of people: making, listing, naming and removing them, and signing in with one. */
import type { UserId } from '@wardline/core/base/ids'
import type { Clock } from '@wardline/core/time/clock'
import { contend } from '@wardline/core/time/contend'
import { sessionKey } from '../auth/session-record.ts'
import { label } from '../directory/new-user.ts'
import type { User } from '../directory/user.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { AuditLine } from '../storage/audit.ts'
import type { RecordWrite, Store } from '../storage/store.ts'
import {
  type CreationOptions,
  creationOptions,
  type RequestOptions,
  readAssertion,
  readCreation,
  requestOptions,
} from './ceremony.ts'
import { Challenges } from './challenges.ts'
import {
  type Passkey,
  passkeyIdOf,
  passkeyKey,
  readPasskey,
  userPasskeyKey,
  userPasskeyPrefix,
  writePasskey,
} from './passkey-record.ts'

/** Passkeys of a person. */
export const MAX_PASSKEYS = 20
const SIGN_IN = 'sign-in'

/** A passkey with its id, as lists show it. */
export interface ListedPasskey extends Passkey {
  readonly id: string
}

/** Where somebody asks from. */
export interface Visit {
  /** Of the page. */
  readonly origin: string
  /** Of the network. */
  readonly address: string
}

/** A browser's answer, of which nothing is believed yet. */
export interface PasskeyAnswer {
  readonly id: string
}

export interface NewPasskey {
  readonly answer: PasskeyAnswer
  /** What its person calls it; undefined for one that nobody named. */
  readonly name?: string | undefined
}

/** To be committed with what it is for. */
export interface PreparedPasskey {
  readonly id: string
  readonly records: readonly RecordWrite[]
  readonly audit: readonly AuditLine[]
}

export interface PasskeysOptions {
  readonly store: Store
  readonly clock: Clock
  /** The clinic's name, which browsers may show. */
  readonly clinic: () => Promise<string> | string
}

/** Methods reject with `StoreError`. */
export class Passkeys {
  readonly #store: Store
  readonly #clock: Clock
  readonly #clinic: PasskeysOptions['clinic']
  readonly #challenges: Challenges

  constructor({ store, clock, clinic }: PasskeysOptions) {
    this.#store = store
    this.#clock = clock
    this.#clinic = clinic
    this.#challenges = new Challenges(() => clock.elapsed())
  }

  /** Oldest first. */
  async list(user: UserId): Promise<readonly ListedPasskey[]> {
    const prefix = userPasskeyPrefix(user)
    const pointers = await this.#store.listRecords(prefix)
    const ids = pointers.map(({ key }) => key.slice(prefix.length))
    const found = await this.#store.getRecords(ids.map(passkeyKey))
    return ids
      .flatMap((id) => {
        const record = found.get(passkeyKey(id))
        return record === undefined ? [] : [{ id, ...readPasskey(record.value) }]
      })
      .sort((a, b) => a.createdAt - b.createdAt)
  }

  /**
   * What the browser is asked for a new passkey.
   *
   * @param instead whether it takes the place of those that there are
   */
  async creationOptions(
    user: User,
    purpose: string,
    visit: Visit,
    instead = false,
  ): Promise<CreationOptions> {
    const [known, clinic] = await Promise.all([instead ? [] : this.list(user.id), this.#clinic()])
    const challenge = this.#challenges.give(purpose, visit.address)
    return creationOptions({ origin: visit.origin, challenge, clinic, user, known })
  }

  /**
   * A passkey from a browser's answer to {@link creationOptions}, of the same purpose, beside those
   * that there are or instead of them. Fails with `passkey-refused`, or `too-many-passkeys`.
   */
  async prepare(
    user: UserId,
    purpose: string,
    origin: string,
    { answer, name }: NewPasskey,
    { instead = false } = {},
  ): Promise<Result<PreparedPasskey, Failure>> {
    const created = await readCreation(answer, origin, (challenge) =>
      this.#challenges.take(challenge, purpose),
    )
    if (created === undefined) return failure('passkey-refused')
    const known = instead ? [] : await this.#store.listRecords(userPasskeyPrefix(user))
    if (known.length >= MAX_PASSKEYS) return failure('too-many-passkeys')
    const now = this.#clock.now()
    const id = passkeyIdOf(created.credential)
    const named = label.safeParse(name)
    const passkey: Passkey = {
      ...created,
      user,
      name: named.success ? named.data : DEFAULT_NAME,
      createdAt: now,
      usedAt: null,
    }
    return ok({
      id,
      records: [
        { key: passkeyKey(id), value: writePasskey(passkey), expect: 0 },
        { key: userPasskeyKey(user, id), value: true, expect: 0 },
      ],
      audit: [{ at: now, actor: user, action: 'passkey.added', subject: user }],
    })
  }

  /**
   * Adds one to an account, by a session that is there until it is stored: a reset, or the removal of
   * a device, leaves nothing that was on its way. Fails as {@link prepare}, and with `session-ended`.
   */
  async add(
    user: UserId,
    origin: string,
    passkey: NewPasskey,
    session: string,
  ): Promise<Result<ListedPasskey, Failure>> {
    const prepared = await this.prepare(user, addingOf(user), origin, passkey)
    if (!prepared.ok) return prepared
    const { id, records, audit } = prepared.value
    const added = await contend<Result<void, Failure>>(async () => {
      const still = await this.#store.getRecord(sessionKey(session))
      if (still === undefined) return failure('session-ended')
      const known = await this.#store.listRecords(userPasskeyPrefix(user))
      if (known.length >= MAX_PASSKEYS) return failure('too-many-passkeys')
      const { key, value, version } = still
      const done = await this.#store.commit({
        records: [{ key, value, expect: version }, ...records],
        audit,
      })
      if (done.kind === 'committed') return ok(undefined)
      // One authenticator has no two of a name: it is here already, whosever it is.
      return done.at === 'record' && done.index > 0 ? failure('passkey-refused') : undefined
    })
    if (added?.ok !== true) return added ?? busy
    const found = await this.#find(id)
    return found === undefined ? failure('passkey-refused') : ok({ id, ...found.passkey })
  }

  /** Fails with `not-found` when the person has no such passkey, `bad-request` for no name. */
  async rename(user: UserId, id: string, name: string): Promise<Result<ListedPasskey, Failure>> {
    const named = label.safeParse(name)
    if (!named.success) return failure('bad-request')
    const renamed = await contend<Result<ListedPasskey, Failure>>(async () => {
      const found = await this.#find(id)
      if (found?.passkey.user !== user) return failure('not-found')
      const passkey = { ...found.passkey, name: named.data }
      const done = await this.#store.commit({
        records: [{ key: passkeyKey(id), value: writePasskey(passkey), expect: found.version }],
        audit: [{ at: this.#clock.now(), actor: user, action: 'passkey.renamed', subject: user }],
      })
      return done.kind === 'committed' ? ok({ id, ...passkey }) : undefined
    })
    return renamed ?? busy
  }

  /**
   * Fails with `not-found` when the person has no such passkey, `last-way-in` when they could not
   * sign in any more.
   */
  async remove(user: User, id: string): Promise<Result<void, Failure>> {
    const removed = await contend<Result<void, Failure>>(async () => {
      const known = await this.#store.listRecords(userPasskeyPrefix(user.id))
      const found = await this.#find(id)
      if (found?.passkey.user !== user.id) return failure('not-found')
      if (known.length === 1 && user.passwordHash === undefined) return failure('last-way-in')
      // The others are expected to be there: two that are removed at once would both be the last.
      const others = known.filter(({ key }) => key !== userPasskeyKey(user.id, id))
      const done = await this.#store.commit({
        records: [
          { key: passkeyKey(id), value: null, expect: found.version },
          { key: userPasskeyKey(user.id, id), value: null },
          ...others.slice(0, 1).map(({ key, value, version }) => ({ key, value, expect: version })),
        ],
        audit: [
          { at: this.#clock.now(), actor: user.id, action: 'passkey.removed', subject: user.id },
        ],
      })
      return done.kind === 'committed' ? ok(undefined) : undefined
    })
    return removed ?? busy
  }

  /** What removes all of a person; for the commit that makes them void. */
  async removalOf(user: UserId): Promise<readonly RecordWrite[]> {
    const prefix = userPasskeyPrefix(user)
    const pointers = await this.#store.listRecords(prefix)
    return pointers.flatMap(({ key, version }) => [
      { key, value: null, expect: version },
      { key: passkeyKey(key.slice(prefix.length)), value: null },
    ])
  }

  /** What the browser is asked to sign somebody in, who need not say who they are. */
  signInOptions(visit: Visit): Promise<RequestOptions> {
    const challenge = this.#challenges.give(SIGN_IN, visit.address)
    return requestOptions(visit.origin, challenge)
  }

  /** What the browser is asked to show that it is still the person of this session. */
  async checkOptions(user: UserId, visit: Visit): Promise<RequestOptions> {
    const known = await this.list(user)
    const challenge = this.#challenges.give(checkingOf(user), visit.address)
    return requestOptions(visit.origin, challenge, known)
  }

  /**
   * Whose passkey answered {@link signInOptions}, with what writes its use down. Fails with
   * `passkey-refused`, the same for every reason.
   */
  identify(
    answer: PasskeyAnswer,
    { origin, address }: Visit,
  ): Promise<Result<UsedPasskey, Failure>> {
    return this.#use(answer, origin, address, SIGN_IN)
  }

  /** Whether the person of a session answered {@link checkOptions}. Fails as {@link identify}. */
  async check(user: UserId, answer: PasskeyAnswer, visit: Visit): Promise<Result<void, Failure>> {
    const used = await this.#use(answer, visit.origin, visit.address, checkingOf(user))
    if (!used.ok) return used
    if (used.value.user !== user) return failure('passkey-refused')
    const done = await this.#store.commit({ records: used.value.records })
    return done.kind === 'committed' ? ok(undefined) : busy
  }

  async #use(
    answer: PasskeyAnswer,
    origin: string,
    address: string,
    purpose: string,
  ): Promise<Result<UsedPasskey, Failure>> {
    const id = passkeyIdOf(answer.id)
    const found = await this.#find(id)
    if (found === undefined) return failure('passkey-refused')
    const { passkey, version } = found
    const counter = await readAssertion(answer, origin, passkey, (challenge) =>
      this.#challenges.take(challenge, purpose),
    )
    if (counter === undefined) return failure('passkey-refused')
    const now = this.#clock.now()
    // Somebody may have a copy of it, and one of the two is not who they say.
    const isCopy = counter <= passkey.counter && (counter > 0 || passkey.counter > 0)
    if (isCopy) {
      const details = { address }
      await this.#store.commit({
        audit: [
          { at: now, actor: 'server', action: 'passkey.copied', subject: passkey.user, details },
        ],
      })
      return failure('passkey-refused')
    }
    const value = writePasskey({ ...passkey, counter, usedAt: now })
    return ok({
      user: passkey.user,
      records: [{ key: passkeyKey(id), value, expect: version }],
    })
  }

  async #find(
    id: string,
  ): Promise<{ readonly passkey: Passkey; readonly version: number } | undefined> {
    if (!/^[\w-]{43}$/.test(id)) return undefined
    const found = await this.#store.getRecord(passkeyKey(id))
    return found && { passkey: readPasskey(found.value), version: found.version }
  }
}

/** Who showed a passkey, and what writes its use down. */
export interface UsedPasskey {
  readonly user: UserId
  readonly records: readonly RecordWrite[]
}

const DEFAULT_NAME = 'Passkey'

/** What challenges are for. */
export const addingOf = (user: UserId): string => `add ${user}`
const checkingOf = (user: UserId): string => `check ${user}`

const busy = err<Failure>({ code: 'server-busy', retryAfter: 1 })
