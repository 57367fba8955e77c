/**
 * The life of accounts, from the clinic's side. Each step is one commit with its audit line: the
 * account, the chats that show it, and the end of its sessions. Then come the effects on what is
 * open.
 */
import { type ChatId, parseChatId, parseUserId, type UserId } from '@wardline/core/base/ids'
import { contend } from '@wardline/core/time/contend'
import { z } from 'zod'
import type { Auth } from '../auth/auth.ts'
import type { EndReason } from '../auth/session-end.ts'
import { DEFAULT_RETENTION_DAYS } from '../config/config.ts'
import type { CommitChange } from '../directory/commit-change.ts'
import type { Directory } from '../directory/directory.ts'
import type { ProfileChange } from '../directory/profile-change.ts'
import { ERASED_NAME, type Status, type User } from '../directory/user.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { Commit, Store } from '../storage/store.ts'
import type { PersonProblem } from './person-problem.ts'
import { forgetWaysIn } from './ways-in.ts'

export interface PeopleOptions {
  readonly store: Pick<Store, 'getRecord' | 'listRecords' | 'commit'>
  readonly directory: Pick<Directory, 'getUser' | 'profiles' | 'eraseChats'>
  readonly auth: Pick<Auth, 'prepareEnds'>
  readonly commit: CommitChange
  /** How long closed accounts are kept before they may be erased, days. */
  readonly retentionDays?: number
  /**
   * What is done when an erasure is durable; without it, it waits for the next server that starts.
   */
  readonly erased?: ErasedContent
  /** Milliseconds since 1970. */
  now(): number
}

/** Content that goes when an account is erased. Methods can be called again, and reject with `StoreError`. */
export interface ErasedContent {
  /** Takes back all that somebody wrote in a chat. */
  takeBack(user: UserId, chat: ChatId): Promise<void>
  /** Deletes all files of a chat. */
  dropFiles(chat: ChatId): Promise<void>
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

  /**
   * Erases a closed account when the time of retention is over and it is not held: the name, the
   * address, the birth date, every way in, settings, and of chats what {@link Directory.eraseChats}
   * says. For good. Fails with `account-held` and `retention-runs`.
   */
  async erase(id: UserId, actor: string): Promise<Result<User, PersonProblem>> {
    const { store, directory, commit, now } = this.#options
    const { retentionDays = DEFAULT_RETENTION_DAYS } = this.#options
    const taken = await contend<Result<User, PersonProblem>>(async () => {
      const by = { actor, action: 'user.erased', inChats: false } as const
      const profile = await directory.profiles.prepare(id, NOTHING, by)
      if (!profile.ok) return profile
      // The very account that is stored anew, whatever becomes of it meanwhile.
      const { before } = profile.value
      if (before.status !== 'closed') return err('wrong-status')
      if (before.hold !== undefined) return err('account-held')
      if (now() - (before.closedAt ?? now()) < retentionDays * DAY) return err('retention-runs')
      const chats = await directory.eraseChats(before)
      const waysIn = await forgetWaysIn(store, id)
      const { gone, speechless } = chats
      const due = { gone: [...gone], speechless: [...speechless] }
      const durable = once((done) => {
        profile.value.done(done)
        if (done.kind === 'committed') chats.done(done.seq)
      })
      const { records, appends, audit, user } = profile.value
      const change = {
        records: [
          ...records,
          ...chats.records,
          ...waysIn,
          { key: `last-seen/${id}`, value: null },
          { key: DUE_PREFIX + id, value: due },
        ],
        appends: [...appends, ...chats.appends],
        audit,
      }
      const done = await commit(change, durable)
      if (done.kind === 'conflict') return undefined
      durable(done)
      return ok(user)
    })
    if (taken?.ok === true) await this.#finish(id)
    return taken ?? err('busy')
  }

  /** Completes what was being erased when a server ended. To be called when one has started. */
  async resume(): Promise<void> {
    for (const { key } of await this.#options.store.listRecords(DUE_PREFIX)) {
      const id = parseUserId(key.slice(DUE_PREFIX.length))
      if (id !== undefined) await this.#finish(id)
    }
  }

  async #finish(id: UserId): Promise<void> {
    const { store, erased } = this.#options
    if (erased === undefined) return
    const found = await store.getRecord(DUE_PREFIX + id)
    if (found === undefined) return
    const { gone, speechless } = dueSchema.parse(found.value)
    for (const chat of gone) await erased.dropFiles(chat)
    for (const chat of speechless) await erased.takeBack(id, chat)
    await store.commit({ records: [{ key: DUE_PREFIX + id, value: null }] })
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

/** Milliseconds. */
const DAY = 24 * 3_600_000
/** Chats of an erased account whose content is still to go. */
const DUE_PREFIX = 'erasing/'
const chatId = z.string().transform((text, context): ChatId => {
  const id = parseChatId(text)
  if (id !== undefined) return id
  context.addIssue({ code: 'custom', message: 'not a chat id' })
  return z.NEVER
})
const dueSchema = z.object({ gone: z.array(chatId), speechless: z.array(chatId) })

/** All that is left of somebody. */
const NOTHING: ProfileChange = {
  name: ERASED_NAME,
  specialty: null,
  birthDate: null,
  email: null,
  passwordHash: null,
  status: 'erased',
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
