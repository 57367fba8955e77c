/**
 * Accounts that change: their record, every chat that shows them, the documents of these chats and
 * of everybody in them, and one audit line, all in one commit.
 */
import type { Writer } from '@wardline/core/base/client-id'
import type { ChatId, UserId } from '@wardline/core/base/ids'
import { contend } from '@wardline/core/time/contend'
import { err, ok, type Result } from '../errors/result.ts'
import type { AuditLine } from '../storage/audit.ts'
import type { Append, Commit, RecordWrite, Store } from '../storage/store.ts'
import { adminWrites, mendAdmins } from './admins.ts'
import type { VersionedChat } from './chat-cache.ts'
import { chatKey, membershipPrefix, readMembership, writeChat } from './chat-record.ts'
import type { CommitChange } from './commit-change.ts'
import { faceOf, type NewFaces, withFaces } from './face.ts'
import { type FaceTellers, tellFaces } from './face-updates.ts'
import { formerPrefix } from './former-members.ts'
import {
  changedFields,
  checkProfile,
  type ProfileChange,
  type ProfileProblem,
} from './profile-change.ts'
import { createdAtOf, emailKey, readUser, type User, userKey, writeUser } from './user.ts'

/** Bytes of documents in one commit; a doctor of hundreds of large groups has more. */
export const MOST_AT_ONCE = 16 * 1024 * 1024
/** Of somebody whom not all of their chats show as they are now. */
const DUE_PREFIX = 'faces-due/'

export type ChangeProblem =
  | ProfileProblem
  | 'user-not-found'
  | 'email-taken'
  /** Nobody would be left who administers the clinic. */
  | 'last-admin'
  /** Others changed the same again and again. */
  | 'busy'

/** A change of an account that waits to be stored, alone or with more. */
export interface PreparedChange {
  /**
   * As the account is until then: the commit conflicts when it is another one by then. What depends
   * on how it was has to be asked of this, and not of an account that was read on its own.
   */
  readonly before: User
  /** As the account will be. */
  readonly user: User
  readonly records: readonly RecordWrite[]
  readonly appends: readonly Append[]
  readonly audit: readonly AuditLine[]
  /** To be called when it is durable, with its commit. */
  done(commit: Commit): void
}

/** Who does it, for the audit trail, and what the line is called: `user.changed` by itself. */
export interface ChangedBy {
  readonly actor: string
  readonly action?: string
  /** False: the chats stay as they are, or are seen to by somebody else. */
  readonly inChats?: false
}

export interface ProfilesOptions extends FaceTellers {
  readonly store: Store
  /** `fresh`: not from memory. */
  find(id: ChatId, fresh: boolean): Promise<VersionedChat | undefined>
  /** The chat is like this now. */
  know(entry: VersionedChat): void
  /** What is remembered of people is not so any more. */
  peopleChanged(): void
  /** Access tokens of somebody are good from now on only with this number. */
  stamped(user: UserId, stamp: number): void
  /** Bytes of documents in one commit. */
  readonly atOnce: number
  readonly commit: CommitChange
  now(): number
  newWriter(): Writer
}

/** Methods reject with `StoreError`. */
export class Profiles {
  readonly #options: ProfilesOptions

  constructor(options: ProfilesOptions) {
    this.#options = options
  }

  /** Before anybody is served: completes what a crash cut short. */
  async open(): Promise<void> {
    const { store } = this.#options
    await mendAdmins(store)
    for (const { key } of await store.listRecords(DUE_PREFIX))
      await this.follow(key.slice(DUE_PREFIX.length) as UserId)
  }

  /** Changes an account. An account that is like this already stays as it is, without a line. */
  async change(
    id: UserId,
    change: ProfileChange,
    by: ChangedBy,
  ): Promise<Result<User, ChangeProblem>> {
    const changed = await contend<Result<User, ChangeProblem>>(async () => {
      const prepared = await this.prepare(id, change, by)
      if (!prepared.ok) return prepared
      const { records, appends, audit, user, done } = prepared.value
      const commit = await this.#options.commit({ records, appends, audit })
      // An address that somebody else took meanwhile is found to be taken then.
      if (commit.kind === 'conflict') return undefined
      done(commit)
      return ok(user)
    })
    return changed ?? err('busy')
  }

  /**
   * As {@link change}, for a commit that does more. After a conflict it has to be prepared again.
   * Fails with `email-taken` when somebody else has the address now.
   */
  async prepare(
    id: UserId,
    change: ProfileChange,
    { actor, action = 'user.changed', inChats }: ChangedBy,
  ): Promise<Result<PreparedChange, ChangeProblem>> {
    const { store, now, peopleChanged, stamped } = this.#options
    const found = await store.getRecord(userKey(id))
    if (found === undefined) return err('user-not-found')
    const before = readUser(found.value)
    const checked = checkProfile(before, change, now())
    if (!checked.ok) return checked
    const fields = changedFields(before, checked.value)
    if (fields.length === 0)
      return ok({ before, user: before, records: [], appends: [], audit: [], done() {} })
    const isNewCaller = fields.includes('roles') || fields.includes('status')
    const user = { ...checked.value, stamp: before.stamp + (isNewCaller ? 1 : 0) }
    const admins = await adminWrites(store, user)
    if (!admins.ok) return admins
    const emails = emailWrites(before, user)
    const [taken] = emails.filter(({ expect }) => expect === 0)
    if (taken !== undefined && (await store.getRecord(taken.key)) !== undefined)
      return err('email-taken')
    const { chats, rest } = await this.#chatsToChange(user, inChats)
    const value = writeUser(user, createdAtOf(found.value))
    const due = { key: DUE_PREFIX + id, value: true }
    return ok({
      before,
      user,
      records: [
        { key: userKey(id), value, expect: found.version },
        ...emails,
        ...admins.value,
        ...chats.records,
        ...(rest ? [due] : []),
      ],
      appends: chats.appends,
      audit: [{ at: now(), actor, action, subject: id, details: { fields } }],
      done: (commit) => {
        if (commit.kind === 'conflict') return
        chats.know(commit.seq)
        peopleChanged()
        if (isNewCaller) stamped(id, user.stamp)
        // Also without a rest: they may have got into a chat since its chats were looked for.
        if (inChats !== false) this.#followSoon(id)
      },
    })
  }

  /** The chats that show somebody as they were; `rest`: there are more than fit into one commit. */
  async #chatsToChange(
    user: User,
    inChats = true,
  ): Promise<{
    readonly chats: {
      readonly records: RecordWrite[]
      readonly appends: Append[]
      know(seq: number): void
    }
    readonly rest: boolean
  }> {
    const { find, know, atOnce } = this.#options
    const faces = new Map([[user.id, faceOf(user)]])
    const records: RecordWrite[] = []
    const appends: Append[] = []
    const changed: NewFaces[] = []
    let bytes = 0
    let rest = false
    for (const id of inChats ? await this.#chatsShowing(user.id) : []) {
      const found = await find(id, true)
      const next = found && withFaces(found.chat, faces)
      if (found === undefined || next === undefined) continue
      if (bytes >= atOnce) {
        rest = true
        break
      }
      const told = tellFaces(next, this.#options)
      bytes += told.reduce((sum, { update }) => sum + update.length, 0)
      records.push({ key: chatKey(id), value: writeChat(next.chat), expect: found.version })
      appends.push(...told)
      changed.push(next)
    }
    const knowAll = (seq: number): void => {
      for (const { chat } of changed) know({ chat, version: seq })
    }
    return { chats: { records, appends, know: knowAll }, rest }
  }

  /** Also those that they are out of. */
  async #chatsShowing(user: UserId): Promise<readonly ChatId[]> {
    const { store } = this.#options
    const lists = await Promise.all(
      [membershipPrefix(user), formerPrefix(user)].map((prefix) => store.listRecords(prefix)),
    )
    return [...new Set(lists.flat().map(({ value }) => readMembership(value)))]
  }

  #followSoon(id: UserId): void {
    this.follow(id).catch(() => {
      // What did not fit is due by its record: the next start does it.
    })
  }

  /**
   * Has every chat show somebody as they are: those that did not fit into the commit of a change, and
   * those that were made, or that they got into, while it was on its way. Nothing is stored where
   * all do. Rejects with `StoreError`.
   */
  async follow(id: UserId): Promise<void> {
    const { store } = this.#options
    for (;;) {
      // Read anew each time: there may be yet another change.
      const found = await store.getRecord(userKey(id))
      const user = found && readUser(found.value)
      if (user === undefined || user.status === 'erased') return
      const due = await store.getRecord(DUE_PREFIX + id)
      const { chats, rest } = await this.#chatsToChange(user)
      const done = rest || due === undefined ? [] : [{ key: due.key, value: null }]
      const records = [...chats.records, ...done]
      if (records.length === 0) return
      const commit = await this.#options.commit({ records, appends: chats.appends })
      if (commit.kind === 'conflict') continue
      chats.know(commit.seq)
      if (!rest) return
    }
  }
}

const emailWrites = (before: User, after: User): RecordWrite[] => {
  if (before.email === after.email) return []
  return [
    ...(before.email === undefined ? [] : [{ key: emailKey(before.email), value: null }]),
    ...(after.email === undefined
      ? []
      : [{ key: emailKey(after.email), value: { user: after.id }, expect: 0 }]),
  ]
}
