/**
 * Links that let one person in, once: invitations, resets, and what carries a sign-in over into the
 * installed app. Of each kind a person has one: the next takes the place of the one before.
 *
 * Whatever is wrong with a link or a code, the answer is one: `link-invalid`.
 */
import type { UserId } from '@wardline/core/base/ids'
import type { Clock } from '@wardline/core/time/clock'
import { contend } from '@wardline/core/time/contend'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { AuditLine } from '../storage/audit.ts'
import type { RecordWrite, Store } from '../storage/store.ts'
import { GuessThrottle } from './guess-throttle.ts'
import {
  CODE_LIFETIME,
  CODE_PREFIX,
  codeKey,
  LINK_LIFETIMES,
  LINK_PREFIX,
  type Link,
  type LinkKind,
  linkKey,
  readCodeRecord,
  readLink,
  readUserLink,
  userLinkKey,
  userLinkPrefix,
  writeLink,
} from './link-record.ts'
import { codeIdOf, isLinkToken, linkIdOf, newCode, newLinkToken, readCode } from './link-secret.ts'

/** How far the server's clock may be put back before a code of before counts no more, ms. */
const LEEWAY = 60_000

export interface LinkRequest {
  readonly kind: LinkKind
  readonly user: UserId
  /** See `User.stamp`: of the account as whoever makes the link has seen it. */
  readonly stamp: number
  /** User id of who makes it, or `server`. */
  readonly createdBy: string
  /** The doctor with whom a chat is to be there. */
  readonly chatWith?: UserId
  /** The session that it carries on, and ends with. */
  readonly session?: string
}

/** What makes a link: to be committed, with what it is made for. */
export interface PreparedLink {
  readonly records: readonly RecordWrite[]
  readonly audit: readonly AuditLine[]
  readonly made: NewLink
}

export interface NewLink {
  readonly kind: LinkKind
  /** Not a secret. */
  readonly id: string
  readonly token: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export interface NewCode {
  readonly kind: LinkKind
  readonly code: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/** What somebody presents. */
export type LinkSecret = { readonly token: string } | { readonly code: string }

export interface OpenLink {
  readonly id: string
  readonly link: Link
  /** Of its record, to be expected by the commit that uses it. */
  readonly version: number
}

/** A link as lists show it. */
export interface ListedLink {
  readonly id: string
  readonly link: Link
}

export interface LinksOptions {
  readonly store: Store
  readonly clock: Clock
  /** Of the server, for codes alone. */
  readonly codeKey: Uint8Array
}

/** Methods reject with `StoreError`. */
export class Links {
  readonly #store: Store
  readonly #clock: Clock
  readonly #codeKey: Uint8Array
  readonly #throttle: GuessThrottle

  constructor({ store, clock, codeKey }: LinksOptions) {
    this.#store = store
    this.#clock = clock
    this.#codeKey = codeKey
    this.#throttle = new GuessThrottle(() => clock.elapsed())
  }

  /** See {@link PreparedLink}. The commit conflicts when another of the kind is made meanwhile. */
  async prepare({
    kind,
    user,
    stamp,
    createdBy,
    chatWith,
    session,
  }: LinkRequest): Promise<PreparedLink> {
    const now = this.#clock.now()
    const token = newLinkToken()
    const id = linkIdOf(token)
    const expiresAt = now + LINK_LIFETIMES[kind]
    const link: Link = {
      kind,
      user,
      stamp,
      createdAt: now,
      expiresAt,
      used: null,
      createdBy,
      code: null,
      chatWith: chatWith ?? null,
      session: session ?? null,
    }
    const pointer = userLinkKey(user, kind)
    const before = await this.#store.getRecord(pointer)
    return {
      records: [
        ...(before === undefined ? [] : await this.#removal(readUserLink(before.value))),
        { key: linkKey(id), value: writeLink(link), expect: 0 },
        { key: pointer, value: { link: id }, expect: before?.version ?? 0 },
      ],
      audit: [{ at: now, actor: createdBy, action: 'link.made', subject: user, details: { kind } }],
      made: { kind, id, token, expiresAt },
    }
  }

  /** Makes a link by itself. Fails with `server-busy` after losing too many races. */
  async make(request: LinkRequest): Promise<Result<NewLink, Failure>> {
    const made = await contend(async () => {
      const { records, audit, made } = await this.prepare(request)
      const done = await this.#store.commit({ records, audit })
      return done.kind === 'committed' ? made : undefined
    })
    return made === undefined ? busy : ok(made)
  }

  /**
   * A code that opens the person's link of that kind, instead of the code before; with a link for
   * it where there is none that is open. Fails with `server-busy` after losing too many races.
   */
  async makeCode(request: LinkRequest): Promise<Result<NewCode, Failure>> {
    const made = await contend(async () => {
      const now = this.#clock.now()
      const { id, link, records } = await this.#linkFor(request)
      const code = newCode()
      const codeId = codeIdOf(code, this.#codeKey)
      const expiresAt = Math.min(now + CODE_LIFETIME, link.expiresAt)
      const details = { kind: link.kind, code: true }
      const done = await this.#store.commit({
        records: [
          ...records({ ...link, code: codeId }),
          { key: codeKey(codeId), value: { link: id, createdAt: now, expiresAt }, expect: 0 },
          ...(link.code === null ? [] : [{ key: codeKey(link.code), value: null }]),
        ],
        audit: [
          {
            at: now,
            actor: request.createdBy,
            action: 'link.made',
            subject: link.user,
            details,
          },
        ],
      })
      return done.kind === 'committed' ? { kind: link.kind, code, expiresAt } : undefined
    })
    return made === undefined ? busy : ok(made)
  }

  /**
   * What somebody's token or code opens, used or not. Fails with `link-invalid`, or
   * `too-many-attempts` where too many came that opened nothing.
   */
  async find(secret: LinkSecret, address: string): Promise<Result<OpenLink, Failure>> {
    const isCode = 'code' in secret
    // Before anything is looked up: a right code must not be told by its answer.
    const retryAfter = this.#throttle.wait(address)
    const refused = err<Failure>({ code: 'too-many-attempts', retryAfter })
    if (isCode && retryAfter > 0) return refused
    const id = isCode ? await this.#idOfCode(secret.code) : idOfToken(secret.token)
    const found = id === undefined ? undefined : await this.read(id)
    if (found !== undefined && !this.#isOver(found.link)) return ok(found)
    return retryAfter > 0 ? refused : await this.refuse(address)
  }

  /**
   * Counts and notes a link that opens nothing, and gives the one answer; `too-many-attempts`, and no
   * line, where too many came: whoever has a link that was used can go on for ever.
   */
  async refuse(address: string): Promise<Result<never, Failure>> {
    const retryAfter = this.#throttle.wait(address)
    if (retryAfter > 0) return err({ code: 'too-many-attempts', retryAfter })
    this.#throttle.failed(address)
    const line = { at: this.#clock.now(), actor: 'server', action: 'link.refused' }
    await this.#store.commit({ audit: [{ ...line, details: { address } }] })
    return failure('link-invalid')
  }

  /**
   * Counts an answer by which whoever has a link could find out about other people. Fails with
   * `too-many-attempts` where too many came from there.
   */
  countTelling(address: string): Result<void, Failure> {
    const retryAfter = this.#throttle.wait(address)
    if (retryAfter > 0) return err({ code: 'too-many-attempts', retryAfter })
    this.#throttle.failed(address)
    return ok(undefined)
  }

  /** What ends all links of a person; for the commit that changes why they had them. */
  async removalOf(user: UserId, kinds?: readonly LinkKind[]): Promise<readonly RecordWrite[]> {
    const pointers = await this.#store.listRecords(userLinkPrefix(user))
    const writes = await Promise.all(
      pointers.map(async ({ key, value, version }) => {
        const kind = key.slice(userLinkPrefix(user).length)
        if (kinds !== undefined && !kinds.some((each) => each === kind)) return []
        return [
          ...(await this.#removal(readUserLink(value))),
          { key, value: null, expect: version },
        ]
      }),
    )
    return writes.flat()
  }

  /** Takes an open link back. Fails with `not-found` when there is none of that id, `server-busy`. */
  async revoke(id: string, actor: string): Promise<Result<void, Failure>> {
    const revoked = await contend<Result<void, Failure>>(async () => {
      const found = await this.read(id)
      if (found === undefined || found.link.used !== null || this.#isOver(found.link))
        return failure('not-found')
      const { user, kind } = found.link
      const pointer = await this.#store.getRecord(userLinkKey(user, kind))
      const done = await this.#store.commit({
        records: [
          ...(await this.#removal(id)),
          ...(pointer === undefined
            ? []
            : [{ key: pointer.key, value: null, expect: pointer.version }]),
        ],
        audit: [
          {
            at: this.#clock.now(),
            actor,
            action: 'link.revoked',
            subject: user,
            details: { kind },
          },
        ],
      })
      return done.kind === 'committed' ? ok(undefined) : undefined
    })
    return revoked ?? busy
  }

  /** The open link of a person of some kind; undefined when there is none. */
  async openOf(user: UserId, kind: LinkKind): Promise<OpenLink | undefined> {
    const pointer = await this.#store.getRecord(userLinkKey(user, kind))
    const found = pointer && (await this.read(readUserLink(pointer.value)))
    return found?.link.used === null && !this.#isOver(found.link) ? found : undefined
  }

  /** The doctor whom the last invitation of a person named, used or expired as it may be. */
  async chatOf(user: UserId): Promise<UserId | undefined> {
    const pointer = await this.#store.getRecord(userLinkKey(user, 'invitation'))
    const found = pointer && (await this.read(readUserLink(pointer.value)))
    return found?.link.chatWith ?? undefined
  }

  /** Every link that is there, newest first; used ones until they would have expired. */
  async list(): Promise<readonly ListedLink[]> {
    const records = await this.#store.listRecords(LINK_PREFIX)
    return records
      .map(({ key, value }) => ({ id: key.slice(LINK_PREFIX.length), link: readLink(value) }))
      .filter(({ link }) => !this.#isOver(link))
      .sort((a, b) => b.link.createdAt - a.link.createdAt)
  }

  /** Housekeeping, for once in some hours. Returns how many records it removed. */
  async removeExpired(): Promise<number> {
    const now = this.#clock.now()
    let removed = 0
    const remove = async (records: readonly RecordWrite[]): Promise<void> => {
      const done = await this.#store.commit({ records })
      if (done.kind === 'committed') removed += records.length
    }
    for (const { key, value, version } of await this.#store.listRecords(CODE_PREFIX))
      if (readCodeRecord(value).expiresAt <= now)
        await remove([{ key, value: null, expect: version }])
    for (const { key, value, version } of await this.#store.listRecords(LINK_PREFIX)) {
      const link = readLink(value)
      const lifetime = LINK_LIFETIMES[link.kind]
      if (this.#isOver(link)) {
        const pointer = await this.#store.getRecord(userLinkKey(link.user, link.kind))
        const isLast = pointer !== undefined && linkKey(readUserLink(pointer.value)) === key
        await remove([
          { key, value: null, expect: version },
          ...(isLast ? [{ key: pointer.key, value: null, expect: pointer.version }] : []),
        ])
      } else if (link.expiresAt > now + lifetime) {
        // Made while the clock ran ahead: it would be good for as much longer.
        const bounded = { ...link, expiresAt: now + lifetime }
        await this.#store.commit({
          records: [{ key, value: writeLink(bounded), expect: version }],
        })
      }
    }
    return removed
  }

  /** The person's open link of the kind, or a new one; `records` writes it as it is to be. */
  async #linkFor(request: LinkRequest): Promise<{
    readonly id: string
    readonly link: Link
    readonly records: (link: Link) => readonly RecordWrite[]
  }> {
    const open = await this.openOf(request.user, request.kind)
    if (open?.link.stamp === request.stamp) {
      const { id, link, version } = open
      const key = linkKey(id)
      return { id, link, records: (next) => [{ key, value: writeLink(next), expect: version }] }
    }
    const { records, made } = await this.prepare(request)
    const key = linkKey(made.id)
    const own = records.find((record) => record.key === key)
    return {
      id: made.id,
      link: readLink(own?.value),
      records: (next) =>
        records.map((record) => (record === own ? { ...record, value: writeLink(next) } : record)),
    }
  }

  /** With its code, if it has one; nothing for one that is gone. */
  async #removal(id: string): Promise<readonly RecordWrite[]> {
    const found = await this.read(id)
    if (found === undefined) return []
    const { code } = found.link
    return [
      { key: linkKey(id), value: null, expect: found.version },
      ...(code === null ? [] : [{ key: codeKey(code), value: null }]),
    ]
  }

  async #idOfCode(text: string): Promise<string | undefined> {
    const code = readCode(text)
    if (code === undefined) return undefined
    const found = await this.#store.getRecord(codeKey(codeIdOf(code, this.#codeKey)))
    if (found === undefined) return undefined
    const { link, createdAt, expiresAt } = readCodeRecord(found.value)
    const now = this.#clock.now()
    // A clock that was put back would make it live for as much longer.
    return expiresAt > now && createdAt <= now + LEEWAY ? link : undefined
  }

  /** A link by its id, whatever became of it. */
  async read(id: string): Promise<OpenLink | undefined> {
    const found = await this.#store.getRecord(linkKey(id))
    return found && { id, link: readLink(found.value), version: found.version }
  }

  #isOver({ expiresAt }: Link): boolean {
    return expiresAt <= this.#clock.now()
  }
}

const idOfToken = (token: string): string | undefined =>
  isLinkToken(token) ? linkIdOf(token) : undefined

const busy = err<Failure>({ code: 'server-busy', retryAfter: 1 })
