/**
 * Who exists and who is in which chat. Records decide; the `sys` maps of the documents are
 * copies for clients, written in the same commit.
 */
import { randomBytes } from 'node:crypto'
import { type MemberIndex, type Writer, writerFrom } from '@wardline/core/base/client-id'
import {
  type ChatId,
  chatDoc,
  directChatId,
  type Month,
  parseUserId,
  type UserId,
  userDoc,
} from '@wardline/core/base/ids'
import { Serial } from '@wardline/core/base/serial'
import type { Clock } from '@wardline/core/time/clock'
import { contend } from '@wardline/core/time/contend'
import { systemTimers } from '../base/timers.ts'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import type { AuditLine } from '../storage/audit.ts'
import { readRecovery } from '../storage/recovery.ts'
import { isDamage } from '../storage/seal.ts'
import type { Change, RecordWrite, Store } from '../storage/store.ts'
import { AccountList } from './account-list.ts'
import { adminWrites } from './admins.ts'
import { fillBirthDates } from './birth-dates-in-groups.ts'
import { ChatCache, type VersionedChat } from './chat-cache.ts'
import {
  type Chat,
  chatKey,
  type Member,
  membershipKey,
  membershipPrefix,
  readChat,
  readMembership,
  writeChat,
  writeMembership,
} from './chat-record.ts'
import type { CommitChange } from './commit-change.ts'
import { type ChatErasure, eraseChats } from './erasure.ts'
import { faceOf, memberOf, withFaces } from './face.ts'
import { fillFormerMembers } from './former-members.ts'
import type { GroupSeal } from './group-seal.ts'
import { Groups } from './groups.ts'
import type { MayStart } from './may-start.ts'
import { checkNewUser, type NewUser, type NewUserProblem } from './new-user.ts'
import { searchPeople } from './people-search.ts'
import { MOST_AT_ONCE, Profiles, type ProfilesOptions } from './profiles.ts'
import type { MemberRole } from './role.ts'
import { encodeNewChat, encodePage, encodeUserChat } from './sys-updates.ts'
import {
  EMAIL_PREFIX,
  emailKey,
  type Patient,
  type Person,
  patientOf,
  personOf,
  readUser,
  USER_PREFIX,
  type User,
  userIdSchema,
  userKey,
  writeUser,
} from './user.ts'

/** Chats kept in memory, some 500 bytes each. */
const CACHED_CHATS = 20_000
/** Times that the two of a direct chat are told that one of them takes messages, or no more. */
export const MAX_CLOSINGS = 200

export interface DirectoryOptions {
  readonly store: Store
  /**
   * Takes the changes that write into documents, so that whoever has these open sees them too.
   * Resolves like the store's own `commit`, which is the default.
   */
  readonly commit?: CommitChange
  /** Called when it is durable that a user is out of a chat, before anybody is told. */
  readonly removed?: (user: UserId, chat: ChatId) => void
  /** Called when it is durable that a chat shows somebody in another way. */
  readonly changed?: (chat: ChatId) => void
  /** Called when it is durable that access tokens of a user are not good any more. */
  readonly stamped?: (user: UserId) => void
  readonly clock?: Clock
  /** Bytes of documents that one change of an account stores at once. */
  readonly atOnce?: number
  /** Without it, people begin whatever they like. */
  readonly mayStart?: MayStart
  /** Seals what members are told of their groups. */
  readonly seal?: GroupSeal
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** A fresh writer for each of the server's own writes. */
  readonly newWriter?: () => Writer
}

/** See {@link Directory.prepareUser}. */
export interface PreparedUser {
  readonly user: User
  readonly records: readonly RecordWrite[]
  readonly audit: readonly AuditLine[]
  /** To be called once, when it is stored. */
  done(): User
}

/**
 * Why a record of a new account could not be written, which was to be absent; undefined for one
 * that others change too: then it has to be prepared again.
 */
export const takenOf = (
  record: RecordWrite | undefined,
): 'email-taken' | 'id-taken' | undefined => {
  if (record?.key.startsWith(EMAIL_PREFIX) === true) return 'email-taken'
  return record?.key.startsWith(USER_PREFIX) === true ? 'id-taken' : undefined
}

/** A chat of a user. */
export interface Membership {
  readonly chat: Chat
  readonly index: MemberIndex
  /** Sequence number of the commit that made the user a member, to compare with a cursor. */
  readonly joinedSeq: number
}

/** Methods reject with `StoreError` when the store cannot read or write. */
export class Directory {
  readonly groups: Groups
  readonly profiles: Profiles
  readonly accounts: AccountList
  readonly #store: Store
  readonly #commit: CommitChange
  readonly #mayStart: MayStart
  readonly #now: () => number
  readonly #newWriter: () => Writer
  readonly #chats = new ChatCache(CACHED_CHATS)
  /** Pages that are being listed, by chat. */
  readonly #listing = new Serial<ChatId>()
  /** Of those whose access tokens of before are good no more: see `User.stamp`. */
  readonly #stamps = new Map<UserId, number>()
  readonly #removed: (user: UserId, chat: ChatId) => void
  readonly #profilesOptions: ProfilesOptions

  constructor(options: DirectoryOptions) {
    const { store } = options
    this.#store = store
    this.#commit = options.commit ?? ((change) => store.commit(change))
    const { clock = systemTimers, mayStart = async () => true } = options
    this.accounts = new AccountList(store, () => clock.elapsed())
    this.#mayStart = mayStart
    this.#now = () => clock.now()
    this.#newWriter = options.newWriter ?? (() => writerFrom(randomBytes(5)))
    this.#removed = options.removed ?? (() => {})
    this.groups = new Groups({
      find: (id, fresh) => this.#find(id, fresh),
      know: (entry) => void this.#chats.put(entry),
      getUser: (id) => this.getUser(id),
      countGroups: async (user) => (await store.listRecords(`${membershipPrefix(user)}g.`)).length,
      mayStart: () => mayStart('groups'),
      commit: this.#commit,
      removed: this.#removed,
      joined: (chat) => this.#followNow(chat),
      now: this.#now,
      newWriter: this.#newWriter,
      ...(options.seal && { seal: options.seal }),
      recoveredAt: async () => (await readRecovery(store))?.at,
    })
    this.#profilesOptions = {
      store,
      find: (id, fresh) => this.#find(id, fresh),
      know: (entry) => {
        this.#chats.put(entry)
        options.changed?.(entry.chat.id)
      },
      toGroup: (chat, members) => this.groups.toMembers(chat, members),
      peopleChanged: () => this.peopleChanged(),
      stamped: (user, stamp) => {
        this.#stamps.set(user, stamp)
        options.stamped?.(user)
      },
      atOnce: options.atOnce ?? MOST_AT_ONCE,
      commit: this.#commit,
      now: this.#now,
      newWriter: this.#newWriter,
    }
    this.profiles = new Profiles(this.#profilesOptions)
    store.onReset(() => this.#forget())
  }

  /**
   * Brings a database up to date, and learns what has to be known at once; to be called before
   * anybody is served. Tells how many groups of before were given birth dates.
   */
  async open(): Promise<{ readonly filledGroups: number }> {
    await fillFormerMembers(this.#store)
    await this.profiles.open()
    const filledGroups = await fillBirthDates(this.#profilesOptions)
    for (const { user } of await this.accounts.all())
      if (user.stamp > 0) this.#stamps.set(user.id, user.stamp)
    return { filledGroups }
  }

  /** See `eraseChats`. */
  eraseChats(user: User): Promise<ChatErasure> {
    return eraseChats(user, {
      ...this.#profilesOptions,
      forget: (chat) => this.#chats.drop(chat),
      getUser: (id) => this.getUser(id),
      removed: this.#removed,
    })
  }

  /** The number with which access tokens of somebody are made, and are good. */
  stampOf(id: UserId): number {
    return this.#stamps.get(id) ?? 0
  }

  /** What is remembered of people is not so any more. */
  peopleChanged(): void {
    this.accounts.changed()
  }

  /** Makes an account. `actor` is the user id of who does, or `server`. */
  async createUser(input: NewUser, actor = 'server'): Promise<Result<Person, NewUserProblem>> {
    const made = await contend<Result<Person, NewUserProblem>>(async () => {
      const prepared = await this.prepareUser(input, actor)
      if (!prepared.ok) return prepared
      const { records, audit, done } = prepared.value
      const commit = await this.#commit({ records, audit })
      if (commit.kind === 'committed') return ok(personOf(done()))
      const taken = takenOf(records[commit.index])
      return taken && err(taken)
    })
    return made ?? err('id-taken')
  }

  /**
   * What makes an account, for a commit that does more: all of it is stored in one change, then
   * `done` is called. What a conflict over one of these records says, {@link takenOf} tells.
   */
  async prepareUser(
    input: NewUser,
    actor = 'server',
  ): Promise<Result<PreparedUser, NewUserProblem>> {
    const now = this.#now()
    const checked = checkNewUser(input, now)
    if (!checked.ok) return checked
    const user = checked.value
    const address = { value: { user: user.id }, expect: 0 }
    const admins = await adminWrites(this.#store, user)
    if (!admins.ok) throw new Error('a new account takes nobody away')
    return ok({
      user,
      records: [
        ...(user.email === undefined ? [] : [{ key: emailKey(user.email), ...address }]),
        { key: userKey(user.id), value: writeUser(user, now), expect: 0 },
        ...admins.value,
      ],
      audit: [{ at: now, actor, action: 'user.created', subject: user.id }],
      done: () => {
        this.peopleChanged()
        return user
      },
    })
  }

  /** A fresh writer for one write of the server's own. */
  newWriter(): Writer {
    return this.#newWriter()
  }

  async findByEmail(email: string): Promise<User | undefined> {
    const found = await this.#store.getRecord(emailKey(email))
    if (found === undefined) return undefined
    const { value } = found
    const id = typeof value === 'object' && value !== null && 'user' in value ? value.user : null
    return this.getUser(userIdSchema.parse(id))
  }

  async getUser(id: UserId): Promise<User | undefined> {
    const found = await this.#store.getRecord(userKey(id))
    return found && readUser(found.value)
  }

  /** See `searchPeople`. */
  listDoctors(query: string): Promise<readonly Person[]> {
    return this.#search('doctor', query)
  }

  /** See `searchPeople`; of those who are admins as well, or alone, nothing says so. */
  listStaff(query: string): Promise<readonly Person[]> {
    return this.#search('staff', query)
  }

  /** See `searchPeople`. Only for the eyes of doctors and staff; the caller checks. */
  listPatients(query: string): Promise<readonly Patient[]> {
    return this.#search('patient', query)
  }

  /**
   * The chat of a patient and a doctor, made if there is none. Fails with `start-refused` where the
   * clinic does not let the actor begin one, `user-not-found` unless the two exist in these roles
   * and are active, or the patient invited, `server-busy` after losing too many races.
   */
  async registerDirectChat(
    patientId: UserId,
    doctorId: UserId,
    actor: UserId,
  ): Promise<Result<{ readonly chat: Chat; readonly created: boolean }, Failure>> {
    if (patientId === doctorId) return failure('user-not-found')
    const id = directChatId(patientId, doctorId)
    const known = await this.#find(id)
    if (known !== undefined) return ok({ chat: known.chat, created: false })
    const start = actor === patientId ? 'patientToDoctor' : 'doctorToPatient'
    if (!(await this.#mayStart(start))) return failure('start-refused')
    const [patient, doctor] = await Promise.all([this.getUser(patientId), this.getUser(doctorId)])
    if (!isThere(patient, 'patient') || !isThere(doctor, 'doctor')) return failure('user-not-found')
    const { chat, change } = this.newDirectChat(patient, doctor, actor)
    const commit = await this.#commit(change)
    if (commit.kind === 'conflict') {
      // The other of the two was faster, and it is the same chat.
      const theirs = await this.#find(id)
      return theirs ? ok({ chat: theirs.chat, created: false }) : busy
    }
    this.#chats.put({ chat, version: commit.seq })
    await this.#followNow(chat)
    return ok({ chat: (await this.#find(id))?.chat ?? chat, created: true })
  }

  /** Who changed while a chat with them was made is shown as they are now. */
  async #followNow(chat: Chat): Promise<void> {
    for (const { userId } of chat.members) {
      const user = await this.getUser(userId)
      const isOther = user && withFaces(chat, new Map([[userId, faceOf(user)]])) !== undefined
      if (isOther) await this.profiles.follow(userId)
    }
  }

  /** The chat of two who have none yet, for a commit that does more. */
  newDirectChat(
    patient: User,
    doctor: User,
    actor: string,
  ): { readonly chat: Chat; readonly change: Change } {
    const at = this.#now()
    const members = [memberOf(patient, 1, at), memberOf(doctor, 2, at)]
    const id = directChatId(patient.id, doctor.id)
    const chat: Chat = { id, kind: 'direct', createdAt: at, members, pages: [] }
    return { chat, change: this.#newChat(chat, actor) }
  }

  /** As {@link chatOf}, of one that was read lately; undefined otherwise. */
  knownChat(id: ChatId): Chat | undefined {
    return this.#chats.get(id)?.chat
  }

  async chatOf(id: ChatId): Promise<Chat | undefined> {
    return (await this.#find(id))?.chat
  }

  /** In no particular order. */
  async chatsOf(user: UserId): Promise<readonly Membership[]> {
    const memberships = await this.#store.listRecords(membershipPrefix(user))
    const found = await Promise.all(
      memberships.map(async ({ value, version }) => {
        // A chat whose record is damaged is missing; the others go on.
        const chat = await this.chatOf(readMembership(value)).catch(ifDamaged)
        const index = chat?.members.find(({ userId }) => userId === user)?.index
        return chat && index !== undefined ? [{ chat, index, joinedSeq: version }] : []
      }),
    )
    return found.flat()
  }

  /** Undefined when there is no such chat, or the user is not in it. */
  async memberOf(id: ChatId, user: UserId): Promise<Member | undefined> {
    return (await this.chatOf(id))?.members.find(({ userId }) => userId === user)
  }

  /**
   * Notes that a month of a chat has a page; does nothing when that is known. Fails with
   * `not-found` for an unknown chat, `server-busy` after losing too many races.
   */
  registerPage(id: ChatId, month: Month): Promise<Result<void, Failure>> {
    // One after the other: somebody may bring many months at once, which would all lose to each other.
    return this.#listing.run(id, () => this.#registerPage(id, month))
  }

  async #registerPage(id: ChatId, month: Month): Promise<Result<void, Failure>> {
    let again = false
    const registered = await contend<Result<void, Failure>>(async () => {
      const found = await this.#find(id, again)
      again = true
      if (found === undefined) return failure('not-found')
      if (found.chat.pages.includes(month)) return ok(undefined)
      const chat = { ...found.chat, pages: [...found.chat.pages, month].sort() }
      const commit = await this.#commit({
        records: [{ key: chatKey(id), value: writeChat(chat), expect: found.version }],
        appends: [{ doc: chatDoc(id), update: encodePage(month, this.#newWriter()) }],
      })
      if (commit.kind === 'conflict') return undefined
      this.#chats.put({ chat, version: commit.seq })
      return ok(undefined)
    })
    return registered ?? busy
  }

  /**
   * Notes who takes no messages in a direct chat, and tells both of it; does nothing when that is
   * known, or when it has changed so often that nobody needs to be told again.
   */
  async closeChat(id: ChatId, by: readonly MemberIndex[]): Promise<void> {
    let again = false
    await contend(async () => {
      const found = await this.#find(id, again)
      again = true
      const known = found?.chat.closing ?? { by: [], version: 1 }
      if (found === undefined || known.by.join() === by.join()) return true
      if (known.version >= MAX_CLOSINGS) return true
      const closing = { by, version: known.version + 1 }
      const chat = { ...found.chat, closing }
      const commit = await this.#commit({
        records: [{ key: chatKey(id), value: writeChat(chat), expect: found.version }],
        appends: chat.members.map(({ userId, since }) => ({
          doc: userDoc(userId),
          update: encodeUserChat(chat, since, this.#newWriter()),
        })),
        audit: [
          { at: this.#now(), actor: 'server', action: 'chat.closed', subject: id, details: { by } },
        ],
      })
      if (commit.kind === 'conflict') return undefined
      this.#chats.put({ chat, version: commit.seq })
      return true
    })
  }

  async #find(id: ChatId, fresh = false): Promise<VersionedChat | undefined> {
    const cached = fresh ? undefined : this.#chats.get(id)
    if (cached !== undefined) return cached
    const found = await this.#store.getRecord(chatKey(id))
    return found && this.#chats.put({ chat: readChat(found.value), version: found.version })
  }

  /** Record, memberships, audit line and every document's update: all of a new chat, or nothing. */
  #newChat(chat: Chat, actor: string): Change {
    return {
      records: [
        { key: chatKey(chat.id), value: writeChat(chat), expect: 0 },
        ...chat.members.map(({ userId }) => ({
          key: membershipKey(userId, chat.id),
          value: writeMembership(chat.id),
          expect: 0,
        })),
      ],
      appends: [
        { doc: chatDoc(chat.id), update: encodeNewChat(chat, this.#newWriter()) },
        ...chat.members.map(({ userId, since }) => ({
          doc: userDoc(userId),
          update: encodeUserChat(chat, since, this.#newWriter()),
        })),
      ],
      audit: [{ at: chat.createdAt, actor, action: 'chat.created', subject: chat.id }],
    }
  }

  async #search(role: MemberRole, query: string): Promise<readonly Patient[]> {
    // Who is an admin alone is seen as staff, and is in no picker.
    const isOne = ({ status, roles, role: seen }: User): boolean =>
      status === 'active' && seen === role && roles.includes(role)
    const accounts = await this.accounts.all()
    const people = accounts.flatMap(({ user }) => (isOne(user) ? [patientOf(user)] : []))
    return searchPeople(people, query)
  }

  /** After a failed write nobody knows what the store holds until it is read again. */
  #forget(): void {
    this.#chats.clear()
    this.accounts.forget()
  }
}

/** Whoever was invited can be written to already. */
const isThere = (user: User | undefined, role: MemberRole): user is User =>
  (user?.status === 'active' || user?.status === 'invited') && user.role === role

const ifDamaged = (error: unknown): undefined => {
  if (!isDamage(error)) throw error
}

const busy = err<Failure>({ code: 'server-busy', retryAfter: 1 })

/** An id for a new account that says nothing about the person. */
export const newUserId = (): UserId => {
  const id = parseUserId(`u-${randomBytes(10).toString('hex')}`)
  if (id === undefined) throw new Error('an id of hex digits is a user id')
  return id
}
