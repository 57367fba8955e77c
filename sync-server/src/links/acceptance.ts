/**
 * Using a link: the credential, the account that becomes active, the session that begins, and of a
 * reset the end of every other way in, are one commit. Of two who use one at once one wins.
 */
import { createHash } from 'node:crypto'
import type { DeviceId, UserId } from '@wardline/core/base/ids'
import type { Clock } from '@wardline/core/time/clock'
import { contend } from '@wardline/core/time/contend'
import type { Auth, SignedIn } from '../auth/auth.ts'
import { hasAdmin } from '../directory/admins.ts'
import type { CommitChange } from '../directory/commit-change.ts'
import type { Directory } from '../directory/directory.ts'
import { emailSchema, label } from '../directory/new-user.ts'
import type { ProfileChange } from '../directory/profile-change.ts'
import { normalizeEmail, readUser, type Status, type User, userKey } from '../directory/user.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { CreationOptions } from '../passkeys/ceremony.ts'
import type { NewPasskey, Passkeys, PreparedPasskey, Visit } from '../passkeys/passkeys.ts'
import type { RecordWrite, Store } from '../storage/store.ts'
import {
  type Link,
  type LinkKind,
  type LinkUse,
  linkKey,
  linkKinds,
  writeLink,
} from './link-record.ts'
import type { LinkSecret, Links, OpenLink } from './links.ts'

/** How long who used a link can do so again, ms. */
const REPEATABLE = 15 * 60_000

/** What somebody who opens a link is shown, and asked for. */
export interface LinkView {
  readonly kind: LinkKind
  readonly user: { readonly id: UserId; readonly name: string }
  readonly needs: LinkNeeds
}

export interface LinkNeeds {
  /** A password or a passkey; false: nothing at all. */
  readonly credential: boolean
  /** The credential has to be a passkey. */
  readonly passkey: boolean
  /** An e-mail address, if it is to be a password. */
  readonly email: boolean
  /** The account has no name of a person yet. */
  readonly name: boolean
}

export interface AcceptRequest {
  readonly secret: LinkSecret
  readonly visit: Visit
  readonly password?: string
  readonly passkey?: NewPasskey
  readonly email?: string
  readonly name?: string
  /** Names this attempt, and is known to nobody else: with it the same can be asked again. */
  readonly attempt?: string
  readonly device?: DeviceId
  readonly deviceName?: string
  /** Aborted when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

export interface AcceptanceOptions {
  readonly store: Store
  readonly clock: Clock
  readonly links: Links
  readonly passkeys: Passkeys
  readonly auth: Pick<Auth, 'prepareSession' | 'isLiveSession' | 'choosePassword'>
  readonly directory: Pick<Directory, 'registerDirectChat' | 'profiles'>
  /** Takes changes that write into documents, too. */
  readonly commit: CommitChange
  /** Whether somebody has to sign in with a passkey. */
  readonly needsPasskey: (user: User) => boolean
}

interface Opened extends OpenLink {
  readonly user: User
  /** What finds the account's record as it was looked at. */
  readonly account: RecordWrite
}

/** What the account gets to sign in with. */
interface Credential {
  readonly passwordHash?: string
  readonly email?: string
  readonly passkey?: PreparedPasskey
}

/** Methods reject with `StoreError`. */
export class Acceptance {
  readonly #options: AcceptanceOptions

  constructor(options: AcceptanceOptions) {
    this.#options = options
  }

  /** Fails with `link-invalid`, `too-many-attempts`. */
  async look(secret: LinkSecret, address: string): Promise<Result<LinkView, Failure>> {
    const opened = await this.#open(secret, address)
    if (!opened.ok) return opened
    const { link, user } = opened.value
    return ok({
      kind: link.kind,
      user: { id: user.id, name: user.name },
      needs: {
        credential: link.kind !== 'carry',
        passkey: link.kind !== 'carry' && this.#options.needsPasskey(user),
        email: user.email === undefined,
        name: link.kind === 'first-admin',
      },
    })
  }

  /** What the browser is asked for a passkey. Fails as {@link look}. */
  async passkeyOptions(
    secret: LinkSecret,
    visit: Visit,
  ): Promise<Result<CreationOptions, Failure>> {
    const opened = await this.#open(secret, visit.address)
    if (!opened.ok) return opened
    const { id, link, user } = opened.value
    if (link.kind === 'carry') return this.#options.links.refuse(visit.address)
    return ok(
      await this.#options.passkeys.creationOptions(user, usingOf(id), visit, link.kind === 'reset'),
    )
  }

  /**
   * Fails with `link-invalid`, `too-many-attempts`; `passkey-required`, `passkey-refused`;
   * `password-too-short`, `password-easy-to-guess`, `email-needed`, `email-taken`; `bad-request` without what is needed,
   * `server-busy`. The link is unused then.
   */
  async accept(request: AcceptRequest): Promise<Result<SignedIn, Failure>> {
    const { secret, visit } = request
    const { links } = this.#options
    const found = await links.find(secret, visit.address)
    if (!found.ok) return found
    if (found.value.link.used !== null) return this.#again(found.value.id, request)
    const opened = await this.#opened(found.value)
    if (opened === undefined) return links.refuse(visit.address)
    const credential = await this.#credentialOf(opened, request)
    if (!credential.ok) return credential
    const accepted = await contend<Result<SignedIn, Failure>>(() =>
      this.#use(opened.id, credential.value, request),
    )
    if (accepted?.ok === true) await this.#makeChat(opened.link)
    return accepted ?? busy
  }

  /**
   * The answer to the same attempt may have been lost: it gets another session in the place of the
   * one that began, and nothing else. Nothing at all once that one was signed out, or removed.
   */
  async #again(id: string, request: AcceptRequest): Promise<Result<SignedIn, Failure>> {
    const { store, links, auth } = this.#options
    let chat: Link | undefined
    const again = await contend<Result<SignedIn, Failure>>(async () => {
      const found = await links.read(id)
      chat = found?.link
      const used = found?.link.used
      const record = found && (await store.getRecord(userKey(found.link.user)))
      const user = record && readUser(record.value)
      if (!found || !used || !record || user?.status !== 'active' || !this.#isSame(used, request))
        return links.refuse(request.visit.address)
      if (!(await auth.isLiveSession(used.session))) return links.refuse(request.visit.address)
      const session = await auth.prepareSession(user, {
        ...sessionOf(request),
        instead: used.session,
      })
      const link = { ...found.link, used: { ...used, session: session.id } }
      const done = await store.commit({
        records: [
          { key: linkKey(id), value: writeLink(link), expect: found.version },
          { key: record.key, value: record.value, expect: record.version },
          ...session.records,
        ],
        audit: session.audit,
      })
      return done.kind === 'committed' ? ok(session.done()) : undefined
    })
    if (again?.ok === true && chat !== undefined) await this.#makeChat(chat)
    return again ?? busy
  }

  #isSame({ at, attempt }: LinkUse, request: AcceptRequest): boolean {
    const age = this.#options.clock.now() - at
    return (
      request.attempt !== undefined &&
      attempt === hashOf(request.attempt) &&
      age >= -REPEATABLE &&
      age <= REPEATABLE
    )
  }

  async #use(
    id: string,
    { passwordHash, email, passkey }: Credential,
    request: AcceptRequest,
  ): Promise<Result<SignedIn, Failure> | undefined> {
    const { clock, links, passkeys, auth, directory, commit } = this.#options
    const { address } = request.visit
    const found = await links.read(id)
    const opened = found?.link.used === null ? await this.#opened(found) : undefined
    if (opened === undefined) return links.refuse(address)
    const { link, version } = opened
    const now = clock.now()
    const isReset = link.kind === 'reset'
    const changed = await directory.profiles.prepare(
      link.user,
      changeOf(link.kind, { passwordHash, email, name: request.name }),
      { actor: link.user, action: 'user.accepted' },
    )
    // Only here, where an address that nobody has is the end of the link: whoever has one must not
    // try one address after the other.
    if (!changed.ok && changed.error === 'email-taken') {
      const counted = links.countTelling(address)
      return counted.ok ? failure('email-taken') : counted
    }
    if (!changed.ok) return undefined
    const { before, user, records: account } = changed.value
    // Closed, taken in by other means, or of other roles, since it was looked at.
    if (before.stamp !== link.stamp) return undefined
    const session = await auth.prepareSession(user, {
      ...sessionOf(request),
      ...(isReset && { ending: { actor: user.id, reason: 'reset' as const } }),
    })
    const attempt = request.attempt === undefined ? null : hashOf(request.attempt)
    const used = { ...link, used: { at: now, attempt, session: session.id } }
    const by =
      passkey !== undefined ? 'passkey' : passwordHash !== undefined ? 'password' : 'session'
    const details = { kind: link.kind, by, address }
    const records: readonly RecordWrite[] = [
      { key: linkKey(id), value: writeLink(used), expect: version },
      ...account,
      // It is as it was looked at: whoever closes it meanwhile wins.
      ...(account.some(({ key }) => key === opened.account.key) ? [] : [opened.account]),
      ...(isReset ? await passkeys.removalOf(user.id) : []),
      ...(passkey?.records ?? []),
      // A code that somebody else made before must not let them in after.
      ...(link.kind === 'carry' ? [] : await links.removalOf(user.id, othersThan(link.kind))),
      ...session.records,
    ]
    const done = await commit({
      records,
      appends: changed.value.appends,
      audit: [
        ...changed.value.audit,
        { at: now, actor: user.id, action: 'link.used', subject: user.id, details },
        ...(passkey?.audit ?? []),
        ...session.audit,
      ],
    })
    if (done.kind === 'committed') {
      changed.value.done(done)
      return ok(session.done())
    }
    const lost = done.at === 'record' ? records[done.index]?.key : undefined
    // The authenticator has one of that name already, of whomever.
    if (passkey?.records.some(({ key }) => key === lost) === true) return failure('passkey-refused')
    return undefined
  }

  /** What the person chose, checked and hashed; nothing of it is stored. */
  async #credentialOf(
    { id, link, user }: Opened,
    request: AcceptRequest,
  ): Promise<Result<Credential, Failure>> {
    const { passkeys, auth, needsPasskey } = this.#options
    const { password, passkey, visit } = request
    if (request.name !== undefined && !label.safeParse(request.name).success)
      return failure('bad-request')
    if (link.kind === 'carry') return ok({})
    const email = newEmail(user, request.email)
    if (!email.ok) return email
    const address = email.value === undefined ? {} : { email: email.value }
    if (passkey !== undefined) {
      const prepared = await passkeys.prepare(user.id, usingOf(id), visit.origin, passkey, {
        instead: link.kind === 'reset',
      })
      return prepared.ok ? ok({ passkey: prepared.value, ...address }) : prepared
    }
    if (password === undefined) return failure('bad-request')
    if (needsPasskey(user)) return failure('passkey-required')
    const signsInWith = user.email ?? email.value
    if (signsInWith === undefined) return failure('email-needed')
    const { signal } = request
    const hashed = await auth.choosePassword(
      { account: signsInWith, address: visit.address, signal },
      password,
      { ...user, name: request.name ?? user.name, email: signsInWith },
    )
    return hashed.ok ? ok({ passwordHash: hashed.value, ...address }) : hashed
  }

  /** What an unused secret opens, for an account that it fits. */
  async #open(secret: LinkSecret, address: string): Promise<Result<Opened, Failure>> {
    const { links } = this.#options
    const found = await links.find(secret, address)
    if (!found.ok) return found
    const opened = found.value.link.used === null ? await this.#opened(found.value) : undefined
    return opened === undefined ? links.refuse(address) : ok(opened)
  }

  /** Undefined where the account is not what the link is for. */
  async #opened(found: OpenLink): Promise<Opened | undefined> {
    const { store, auth } = this.#options
    const { kind, user: id, stamp, session } = found.link
    const record = await store.getRecord(userKey(id))
    if (record === undefined) return undefined
    const user = readUser(record.value)
    if (user.status !== statusFor[kind] || user.stamp !== stamp) return undefined
    // It may lie in a log, and somebody has begun by other means.
    if (kind === 'first-admin' && (await hasAdmin(store))) return undefined
    if (session !== null && !(await auth.isLiveSession(session))) return undefined
    const account = { key: record.key, value: record.value, expect: record.version }
    return { ...found, user, account }
  }

  /** It may not be there yet: the account and the link were stored before it. */
  async #makeChat({ user, chatWith }: Link): Promise<void> {
    if (chatWith === null) return
    // What the clinic does not let anybody begin, or with whom, is not made; the person is in.
    await this.#options.directory.registerDirectChat(user, chatWith, chatWith)
  }
}

/** Which accounts a link opens. */
const statusFor: Readonly<Record<LinkKind, Status>> = {
  invitation: 'invited',
  'first-admin': 'invited',
  reset: 'active',
  carry: 'active',
}

/** An address is only taken where the account has none. Fails with `bad-request` for none at all. */
const newEmail = (user: User, text: string | undefined): Result<string | undefined, Failure> => {
  if (text === undefined || user.email !== undefined) return ok(undefined)
  const email = emailSchema.safeParse(normalizeEmail(text))
  return email.success ? ok(email.data) : failure('bad-request')
}

/** What a challenge for a link's passkey is for. */
const usingOf = (link: string): string => `link ${link}`

const othersThan = (kind: LinkKind): readonly LinkKind[] =>
  linkKinds.filter((other) => other !== kind)

/** What becomes of the account. */
const changeOf = (
  kind: LinkKind,
  given: Partial<Record<'passwordHash' | 'email' | 'name', string | undefined>>,
): ProfileChange => {
  if (kind === 'carry') return {}
  return {
    status: 'active',
    // With a passkey there is no password, not the one of before either.
    passwordHash: given.passwordHash ?? null,
    ...(given.email !== undefined && { email: given.email }),
    ...(kind === 'first-admin' && given.name !== undefined && { name: given.name }),
  }
}

const sessionOf = ({ visit, device, deviceName }: AcceptRequest) => ({
  address: visit.address,
  method: 'link' as const,
  ...(device !== undefined && { device }),
  ...(deviceName !== undefined && { deviceName }),
})

const hashOf = (attempt: string): string => createHash('sha256').update(attempt).digest('base64url')

const busy = err<Failure>({ code: 'server-busy', retryAfter: 1 })
