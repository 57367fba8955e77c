/**
 * Groups: who makes, changes and leaves them. Each change is one commit: the record, the
 * memberships, the documents of the chat and of everybody in it, and the audit line.
 */
import { randomBytes } from 'node:crypto'
import { MAX_INDEX, type MemberIndex, type Writer } from '@wardline/core/base/client-id'
import { type ChatId, chatDoc, parseChatId, type UserId, userDoc } from '@wardline/core/base/ids'
import type { GroupStatement } from '@wardline/core/chat/group-statement'
import type { GroupSealed } from '@wardline/core/chat/sys'
import { contend } from '@wardline/core/time/contend'
import { type Failure, failure } from '../errors/catalogue.ts'
import { err, ok, type Result } from '../errors/result.ts'
import { may } from '../permissions/permissions.ts'
import type { Append, Change, Commit, RecordWrite } from '../storage/store.ts'
import type { VersionedChat } from './chat-cache.ts'
import {
  type Chat,
  chatKey,
  type GroupState,
  type Member,
  membershipKey,
  writeChat,
  writeMembership,
} from './chat-record.ts'
import type { CommitChange } from './commit-change.ts'
import { memberOf } from './face.ts'
import { formerKey } from './former-members.ts'
import type { GroupSeal } from './group-seal.ts'
import {
  encodeMembership,
  encodeNewChat,
  encodeRecalled,
  encodeTitle,
  encodeUserGroup,
} from './sys-updates.ts'
import type { User } from './user.ts'

/** Most people who can be in a group at the same time. */
export const MAX_MEMBERS = 100
/** Most groups that somebody who makes another one can be in. */
export const MAX_GROUPS = 1_000
/**
 * Versions after which a group is renamed, and takes people in, no more: each lies in the documents
 * of all its members, with all of their names. Leaving, and taking out, is always possible.
 */
export const MAX_GROUP_VERSIONS = 1_000

export interface GroupsOptions {
  /** `fresh`: not from memory. */
  find(id: ChatId, fresh: boolean): Promise<VersionedChat | undefined>
  /** The chat is like this now. */
  know(entry: VersionedChat): void
  getUser(id: UserId): Promise<User | undefined>
  /** Of how many groups somebody is a member. */
  countGroups(user: UserId): Promise<number>
  readonly commit: CommitChange
  removed(user: UserId, chat: ChatId): void
  /** Somebody got into the chat, who may have become another one meanwhile. */
  joined(chat: Chat): Promise<void>
  /** Seals what members are told of their groups; without it nothing can be recalled. */
  readonly seal?: GroupSeal
  /** When the database was put back to what it was, ms; undefined for never. */
  recoveredAt(): Promise<number | undefined>
  /** Whether the clinic has groups made. */
  mayStart(): Promise<boolean>
  now(): number
  newWriter(): Writer
}

export type Group = Chat & { readonly group: GroupState }

/** What a change makes of a group; undefined when there is nothing to change. */
type Plan = { readonly chat: Group; readonly change: Change; readonly out?: UserId } | undefined

/** Methods reject with `StoreError`. */
export class Groups {
  readonly #options: GroupsOptions

  constructor(options: GroupsOptions) {
    this.#options = options
  }

  /**
   * Makes a group; its creator has index 1. Fails with `role-refused` for a patient,
   * `start-refused` where the clinic has none made, `user-not-found` when one of the members is unknown, `group-full` for too many, and
   * `too-many-groups` for who is in so many.
   *
   * @param records are stored with it, or not at all
   */
  async create(
    creator: UserId,
    title: string,
    memberIds: readonly UserId[],
    records: (id: ChatId) => readonly RecordWrite[] = () => [],
  ): Promise<Result<Chat, Failure>> {
    const ids = [...new Set([creator, ...memberIds])]
    if (ids.length > MAX_MEMBERS) return failure('group-full')
    const people = await Promise.all(ids.map((id) => this.#options.getUser(id)))
    if (!may('group.make', people[0]?.roles ?? [], 'own')) return failure('role-refused')
    if (!(await this.#options.mayStart())) return failure('start-refused')
    if ((await this.#options.countGroups(creator)) >= MAX_GROUPS) return failure('too-many-groups')
    const at = this.#options.now()
    const members: Member[] = []
    for (const [i, person] of people.entries()) {
      if (!canJoin(person)) return failure('user-not-found')
      members.push(memberOf(person, i + 1, at))
    }
    // Events have the numbers of versions, and there is one for each of these.
    const group = { title, version: members.length, former: [] }
    const chat: Group = {
      id: newGroupId(),
      kind: 'group',
      createdAt: at,
      members,
      pages: [],
      group,
    }
    const change = this.#newGroup(chat, creator)
    const commit = await this.#commit(chat, {
      ...change,
      records: [...(change.records ?? []), ...records(chat.id)],
    })
    if (commit.kind === 'conflict') return busy
    await this.#options.joined(chat)
    return ok(chat)
  }

  /**
   * Fails with `chat-not-found` for who is not in it, `role-refused` for a patient, and
   * `group-changed-often` after {@link MAX_GROUP_VERSIONS}.
   */
  rename(id: ChatId, actor: UserId, title: string): Promise<Result<Chat, Failure>> {
    return this.#change(id, { as: 'doctor', user: actor }, async (chat, version) => {
      if (chat.group.title === title) return ok(undefined)
      if (version > MAX_GROUP_VERSIONS) return failure('group-changed-often')
      const next: Group = { ...chat, group: { ...chat.group, title, version } }
      const update = encodeTitle(title, version, this.#options.newWriter())
      const audit = { at: this.#options.now(), actor, action: 'chat.renamed', subject: id }
      return ok({ chat: next, change: this.#changeTo(next, { update, audit }) })
    })
  }

  /**
   * Takes somebody in, or back in, with the index they had. Does nothing for who is in it. Fails
   * like {@link rename}, and with `user-not-found` and `group-full`.
   */
  add(id: ChatId, actor: UserId, user: UserId): Promise<Result<Chat, Failure>> {
    return this.#change(
      id,
      { as: 'doctor', user: actor },
      this.#joining(id, { actor, by: actor }, user),
    )
  }

  /**
   * Takes a program in, in the name of somebody who need not be in the group: whoever runs the clinic.
   * Fails as {@link add}, and with `user-not-found` for who is no program.
   */
  async addProgram(id: ChatId, actor: string, user: UserId): Promise<Result<Chat, Failure>> {
    if ((await this.#options.getUser(user))?.role !== 'service') return failure('user-not-found')
    // Others read that it joined; who had it join is in the audit trail.
    return this.#change(id, { as: 'clinic' }, this.#joining(id, { actor, by: user }, user))
  }

  /** Takes a program out, likewise. */
  async removeProgram(id: ChatId, actor: string, user: UserId): Promise<Result<Chat, Failure>> {
    if ((await this.#options.getUser(user))?.role !== 'service') return failure('user-not-found')
    return this.#change(id, { as: 'clinic' }, this.#leaving(id, { actor, by: user }, user))
  }

  #joining(id: ChatId, { actor, by }: Doer, user: UserId): Planner {
    return async (chat, version) => {
      if (chat.members.some(({ userId }) => userId === user)) return ok(undefined)
      if (version > MAX_GROUP_VERSIONS) return failure('group-changed-often')
      const person = await this.#options.getUser(user)
      if (!canJoin(person)) return failure('user-not-found')
      const { former } = chat.group
      const known = former.find(({ userId }) => userId === user)
      const index = known?.index ?? nextIndex(chat)
      if (chat.members.length >= MAX_MEMBERS || index > MAX_INDEX) return failure('group-full')
      const member = memberOf(person, index, this.#options.now())
      const next: Group = {
        ...chat,
        members: [...chat.members, member].sort(byIndex),
        group: { ...chat.group, version, former: former.filter((one) => one !== known) },
      }
      const writer = this.#options.newWriter()
      const update = encodeMembership('joined', member, by, version, writer)
      const audit = this.#line(actor, 'member.added', id, member)
      const records = [
        { key: membershipKey(user, id), value: writeMembership(id), expect: 0 },
        { key: formerKey(user, id), value: null },
      ]
      return ok({ chat: next, change: this.#changeTo(next, { update, audit, records }) })
    }
  }

  /**
   * Takes somebody out: a doctor of the group anybody, everybody themself. Does nothing for who is
   * not in it. Fails like {@link rename}, and with `last-doctor` when nobody who is left could change
   * the group any more.
   */
  remove(id: ChatId, actor: UserId, user: UserId): Promise<Result<Chat, Failure>> {
    const leaves = actor === user
    const plan = this.#leaving(id, { actor, by: actor }, user)
    return this.#change(id, { as: leaves ? 'self' : 'doctor', user: actor }, plan)
  }

  #leaving(id: ChatId, { actor, by }: Doer, user: UserId): Planner {
    return async (chat, version) => {
      const member = chat.members.find(({ userId }) => userId === user)
      if (member === undefined) return ok(undefined)
      const members = chat.members.filter((one) => one !== member)
      const canChange = ({ role }: Member): boolean => may('group.change', [role], 'member')
      if (members.length > 0 && !members.some(canChange)) return failure('last-doctor')
      const out = { ...member, since: this.#options.now() }
      const next: Group = {
        ...chat,
        members,
        group: { ...chat.group, version, former: [...chat.group.former, out].sort(byIndex) },
      }
      const writer = this.#options.newWriter()
      const update = encodeMembership('left', out, by, version, writer)
      const audit = this.#line(actor, actor === user ? 'member.left' : 'member.removed', id, member)
      const records = [
        { key: membershipKey(user, id), value: null },
        { key: formerKey(user, id), value: writeMembership(id) },
      ]
      const change = this.#changeTo(next, { update, audit, records, out })
      return ok({ chat: next, change, out: user })
    }
  }

  /**
   * A device hands back what the server once said of a group. What the server lost of that is made
   * good: the group itself, who is in it, and above all who is not any more. Of each person counts
   * what is newer. Returns whether anything was missing. Fails with
   * `chat-not-found` for what is not this server's word.
   */
  async recall(
    statement: GroupStatement,
    seal: string,
    actor: UserId,
  ): Promise<Result<boolean, Failure>> {
    if (this.#options.seal?.isMine(statement, seal) !== true) return failure('chat-not-found')
    const { chat: id, at } = statement
    let again = false
    const recalled = await contend<Result<boolean, Failure>>(async () => {
      const found = await this.#options.find(id, again)
      again = true
      const known = found?.chat
      if (known !== undefined && !isGroup(known)) return failure('chat-not-found')
      // Otherwise it is old news: the numbers of versions only grow.
      const isLost =
        known === undefined ||
        statement.version > known.group.version ||
        at <= ((await this.#options.recoveredAt()) ?? 0)
      const merged = isLost ? await this.#merged(statement, known) : undefined
      if (merged === undefined) return ok(false)
      const { chat, joined, out } = merged
      const writer = this.#options.newWriter()
      const names = (list: readonly Member[]): string[] => list.map(({ userId }) => userId)
      const details = { joined: names(joined), removed: names(out) }
      const change: Change = {
        records: [
          ...joined.flatMap(({ userId }) => [
            { key: membershipKey(userId, id), value: writeMembership(id) },
            { key: formerKey(userId, id), value: null },
          ]),
          ...out.flatMap(({ userId }) => [
            { key: membershipKey(userId, id), value: null },
            { key: formerKey(userId, id), value: writeMembership(id) },
          ]),
        ],
        appends: [
          { doc: chatDoc(id), update: encodeRecalled(chat, out, known === undefined, writer) },
          ...this.toMembers(chat, [...chat.members, ...out], chat.group.version),
        ],
        audit: [{ at: this.#options.now(), actor, action: 'chat.recalled', subject: id, details }],
      }
      const gone = names(out) as UserId[]
      const commit = await this.#commit(chat, change, found?.version ?? 0, gone)
      return commit.kind === 'committed' ? ok(true) : undefined
    })
    return recalled ?? busy
  }

  /** undefined when nothing is missing. */
  async #merged(
    statement: GroupStatement,
    known: Group | undefined,
  ): Promise<{ chat: Group; joined: Member[]; out: Member[] } | undefined> {
    const { chat: id, at, title, top, version } = statement
    const former = known?.group.former ?? []
    const current = known?.members ?? []
    const said = new Set(statement.members.map(({ userId }) => userId))
    const joined: Member[] = []
    for (const { userId, index, since } of statement.members) {
      if (current.some((member) => member.userId === userId)) continue
      if (former.some((member) => member.userId === userId && member.since > at)) continue
      const person = await this.#options.getUser(userId)
      if (person !== undefined) joined.push(memberOf(person, index, since))
    }
    const out = current
      .filter(({ userId, since }) => !said.has(userId) && since <= at)
      .map((member) => ({ ...member, since: at }))
    const is =
      (list: readonly Member[]) =>
      ({ userId }: Member): boolean =>
        list.some((one) => one.userId === userId)
    const isOut = is(out)
    const isIn = is(joined)
    const newer = version > (known?.group.version ?? 0)
    const renamed = newer && title !== known?.group.title
    const lower = top > (known?.group.top ?? 0)
    if (joined.length + out.length === 0 && !renamed && !lower) return undefined
    const members = [...current.filter((member) => !isOut(member)), ...joined].sort(byIndex)
    const group: GroupState = {
      title: newer || known === undefined ? title : known.group.title,
      version: Math.max(version, known?.group.version ?? 0) + 1,
      former: [...former.filter((member) => !isIn(member)), ...out].sort(byIndex),
      top: Math.max(top, known?.group.top ?? 0),
    }
    const first = Math.min(at, ...statement.members.map(({ since }) => since))
    const rest = { createdAt: known?.createdAt ?? first, pages: known?.pages ?? [] }
    return { chat: { id, kind: 'group', ...rest, members, group }, joined, out }
  }

  /** @param leaves whoever is in it, or was, may do this */
  async #change(id: ChatId, who: Changer, plan: Planner): Promise<Result<Chat, Failure>> {
    let again = false
    const changed = await contend<Result<Chat, Failure>>(async () => {
      const found = await this.#options.find(id, again)
      again = true
      const chat = found?.chat
      if (found === undefined || !isGroup(chat)) return failure('chat-not-found')
      const refused = refusalOf(chat, who)
      if (refused !== undefined) return failure(refused)
      const planned = await plan(chat, chat.group.version + 1)
      if (!planned.ok) return planned
      if (planned.value === undefined) return ok(chat)
      const { chat: next, change, out } = planned.value
      const commit = await this.#commit(next, change, found.version, out === undefined ? [] : [out])
      if (commit.kind === 'conflict') return undefined
      if (next.members.length > chat.members.length) await this.#options.joined(next)
      return ok(next)
    })
    return changed ?? busy
  }

  /** Knows of the change, and has what is over closed, before anybody is told of it. */
  async #commit(
    chat: Group,
    change: Change,
    expect = 0,
    out: readonly UserId[] = [],
  ): Promise<Commit> {
    let known = false
    const durable = (commit: Commit): void => {
      if (known || commit.kind === 'conflict') return
      known = true
      this.#options.know({ chat, version: commit.seq })
      for (const user of out) this.#options.removed(user, chat.id)
    }
    const record: RecordWrite = { key: chatKey(chat.id), value: writeChat(chat), expect }
    const records = [record, ...(change.records ?? [])]
    const commit = await this.#options.commit({ ...change, records }, durable)
    durable(commit)
    return commit
  }

  #newGroup(chat: Group, actor: UserId): Change {
    const { newWriter } = this.#options
    return {
      records: chat.members.map(({ userId }) => ({
        key: membershipKey(userId, chat.id),
        value: writeMembership(chat.id),
        expect: 0,
      })),
      appends: [
        { doc: chatDoc(chat.id), update: encodeNewChat(chat, newWriter(), actor) },
        ...this.toMembers(chat, chat.members, 1),
      ],
      audit: [{ at: chat.createdAt, actor, action: 'chat.created', subject: chat.id }],
    }
  }

  #changeTo(
    chat: Group,
    parts: {
      readonly update: Uint8Array
      readonly audit: NonNullable<Change['audit']>[number]
      readonly records?: readonly RecordWrite[]
      readonly out?: Member
    },
  ): Change {
    const { update, audit, records = [], out } = parts
    const concerned = out === undefined ? chat.members : [...chat.members, out]
    return {
      records,
      appends: [
        { doc: chatDoc(chat.id), update },
        ...this.toMembers(chat, concerned, chat.group.version),
      ],
      audit: [audit],
    }
  }

  /** What members are told of their group as it is now; of those who are out, that they are. */
  toMembers(chat: Group, members: readonly Member[], version = chat.group.version): Append[] {
    const sealed = this.#sealed(chat, version)
    return members.map((member) => ({
      doc: userDoc(member.userId),
      update: encodeUserGroup(chat, member, version, this.#options.newWriter(), sealed),
    }))
  }

  #sealed(chat: Group, version: number): GroupSealed | undefined {
    const { seal, now } = this.#options
    if (seal === undefined) return undefined
    const at = now()
    const top = topOf(chat)
    const { id, members, group } = chat
    const { title } = group
    return { at, top, seal: seal.seal({ chat: id, version, title, at, top, members }) }
  }

  #line(
    actor: string,
    action: string,
    subject: ChatId,
    { userId }: Member,
  ): NonNullable<Change['audit']>[number] {
    return { at: this.#options.now(), actor, action, subject, details: { user: userId } }
  }
}

/** Who changes a group: one of its doctors, who leaves it, or the clinic, which is in none. */
type Changer = { readonly as: 'doctor' | 'self'; readonly user: UserId } | { readonly as: 'clinic' }

/** In the audit trail, and as the group reads it. */
interface Doer {
  readonly actor: string
  readonly by: UserId
}

const refusalOf = (
  { members, group }: Group,
  who: Changer,
): 'chat-not-found' | 'role-refused' | undefined => {
  if (who.as === 'clinic') return undefined
  const is = ({ userId }: Member): boolean => userId === who.user
  const member = members.find(is)
  const one = member ?? (who.as === 'self' ? group.former.find(is) : undefined)
  if (one === undefined) return 'chat-not-found'
  const isPermitted =
    who.as === 'self'
      ? may('group.leave', [one.role], 'own')
      : may('group.change', [one.role], 'member')
  return isPermitted ? undefined : 'role-refused'
}

type Planner = (chat: Group, version: number) => Promise<Result<Plan, Failure>>

const busy = err<Failure>({ code: 'server-busy', retryAfter: 1 })

const isGroup = (chat: Chat | undefined): chat is Group => chat?.group !== undefined

/** Who is an admin alone is in no chat. */
const canJoin = (person: User | undefined): person is User =>
  (person?.status === 'active' || person?.status === 'invited') &&
  may('chat.use', person.roles, 'member')

const byIndex = (one: Member, other: Member): number => one.index - other.index

/** Never one that anybody had: what was written with it stays theirs. */
const nextIndex = (chat: Group): MemberIndex => topOf(chat) + 1

const topOf = ({ members, group }: Group): MemberIndex =>
  Math.max(group.top ?? 0, ...[...members, ...group.former].map(({ index }) => index))

const newGroupId = (): ChatId => {
  const id = parseChatId(`g.${randomBytes(12).toString('hex')}`)
  if (id === undefined) throw new Error('an id of hex digits is a group id')
  return id
}
