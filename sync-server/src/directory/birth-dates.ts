/**
 * A patient's birth date, and how it gets into the chats of which they are: a direct chat's
 * documents, and, of a group, those of its doctors alone. What is given late reaches them all.
 */

import type { Writer } from '@wardline/core/base/client-id'
import { type ChatId, chatDoc, type UserId, userDoc } from '@wardline/core/base/ids'
import { type BirthDate, hasBegun } from '@wardline/core/chat/birth-date'
import { knowsBirthDates } from '@wardline/core/chat/role'
import { err, ok, type Result } from '../errors/result.ts'
import type { Append, RecordWrite, Store } from '../storage/store.ts'
import type { VersionedChat } from './chat-cache.ts'
import {
  CHAT_PREFIX,
  type Chat,
  chatKey,
  type Member,
  membershipPrefix,
  readChat,
  readMembership,
  writeChat,
} from './chat-record.ts'
import type { CommitChange } from './commit-change.ts'
import type { Group } from './groups.ts'
import { encodeMember, encodeUserChat } from './sys-updates.ts'
import { createdAtOf, readUser, USER_PREFIX, userKey, writeUser } from './user.ts'

/** Says that the groups of before, which knew no birth dates, have them. */
const DONE = 'done/birth-dates-in-groups'
/** Rounds of lost races before giving up. */
const ROUNDS = 8

export type BirthDateProblem = 'user-not-found' | 'bad-birth-date' | 'busy'

export interface BirthDatesOptions {
  readonly store: Pick<Store, 'getRecord' | 'listRecords'>
  /** `fresh`: not from memory. */
  find(id: ChatId, fresh: boolean): Promise<VersionedChat | undefined>
  /** The chat is like this now. */
  know(entry: VersionedChat): void
  /** What these members of a group are told of it. */
  toGroup(chat: Group, members: readonly Member[]): Append[]
  /** What is remembered of people is not so any more. */
  peopleChanged(): void
  readonly commit: CommitChange
  now(): number
  newWriter(): Writer
}

/** Methods reject with `StoreError`. */
export class BirthDates {
  readonly #options: BirthDatesOptions

  constructor(options: BirthDatesOptions) {
    this.#options = options
  }

  /** Writes a patient's birth date down, in their account and in all their chats, or nowhere. */
  async set(
    id: UserId,
    birthDate: BirthDate,
    actor = 'server',
  ): Promise<Result<void, BirthDateProblem>> {
    const { store, commit, now, know, peopleChanged } = this.#options
    if (!hasBegun(birthDate, now())) return err('bad-birth-date')
    for (let round = 0; round < ROUNDS; round++) {
      const found = await store.getRecord(userKey(id))
      const user = found && readUser(found.value)
      if (found === undefined || user?.role !== 'patient') return err('user-not-found')
      const account: RecordWrite = {
        key: userKey(id),
        value: writeUser({ ...user, birthDate }, createdAtOf(found.value)),
        expect: found.version,
      }
      const chats = await this.#chatsOf(id)
      const changes = chats.flatMap(({ chat, version }) => {
        const next = withDates(chat, new Map([[id, birthDate]]))
        return next === undefined ? [] : [{ next, version }]
      })
      const done = await commit({
        records: [account, ...changes.map(({ next, version }) => recordOf(next, version))],
        appends: changes.flatMap(({ next }) => this.#toMembers(next)),
        audit: [{ at: now(), actor, action: 'user.birth-date-set', subject: id }],
      })
      if (done.kind === 'conflict') continue
      for (const { next } of changes) know({ chat: next, version: done.seq })
      peopleChanged()
      return ok(undefined)
    }
    return err('busy')
  }

  /**
   * Once for each database: groups that were made before birth dates were told to their doctors
   * get them. Called before anybody can change a group. Tells how many groups were changed.
   */
  async fillGroups(): Promise<number> {
    const { store, commit, know } = this.#options
    if ((await store.getRecord(DONE)) !== undefined) return 0
    const people = (await store.listRecords(USER_PREFIX)).map(({ value }) => readUser(value))
    const dates = new Map(
      people.flatMap(({ id, birthDate }) => (birthDate === undefined ? [] : [[id, birthDate]])),
    )
    let changed = 0
    for (const { value, version } of await store.listRecords(CHAT_PREFIX)) {
      const chat = readChat(value)
      const next = chat.kind === 'group' ? withDates(chat, dates) : undefined
      if (next === undefined) continue
      const records = [recordOf(next, version)]
      const done = await commit({ records, appends: this.#toMembers(next) })
      if (done.kind === 'conflict') throw new Error('a group was changed before the server started')
      know({ chat: next, version: done.seq })
      changed++
    }
    await commit({ records: [{ key: DONE, value: true }] })
    return changed
  }

  async #chatsOf(id: UserId): Promise<VersionedChat[]> {
    const { store, find } = this.#options
    const memberships = await store.listRecords(membershipPrefix(id))
    const found = await Promise.all(
      memberships.map(({ value }) => find(readMembership(value), true)),
    )
    return found.filter((entry) => entry !== undefined)
  }

  /** To everybody who may know the date: a group's patients learn nothing, not even of a change. */
  #toMembers(chat: Chat): Append[] {
    const { newWriter, toGroup } = this.#options
    const { id, members, group } = chat
    if (group !== undefined)
      return toGroup(
        { ...chat, group },
        members.filter(({ role }) => knowsBirthDates(role)),
      )
    const version = chat.closing?.version ?? 1
    return [
      ...members
        .filter(({ role }) => role === 'patient')
        .map((member) => ({
          doc: chatDoc(id),
          update: encodeMember(member, version, newWriter()),
        })),
      ...members.map(({ userId, since }) => ({
        doc: userDoc(userId),
        update: encodeUserChat(chat, since, newWriter()),
      })),
    ]
  }
}

const recordOf = (chat: Chat, version: number): RecordWrite => ({
  key: chatKey(chat.id),
  value: writeChat(chat),
  expect: version,
})

/** The chat with these birth dates, one version on; undefined when it has them already. */
const withDates = (chat: Chat, dates: ReadonlyMap<UserId, BirthDate>): Chat | undefined => {
  let changed = false
  const dated = (member: Member): Member => {
    const birthDate = member.role === 'patient' ? dates.get(member.userId) : undefined
    if (birthDate === undefined || birthDate === member.birthDate) return member
    changed = true
    return { ...member, birthDate }
  }
  const members = chat.members.map(dated)
  const { group } = chat
  if (group === undefined) {
    const { by = [], version = 1 } = chat.closing ?? {}
    return changed ? { ...chat, members, closing: { by, version: version + 1 } } : undefined
  }
  const former = group.former.map(dated)
  return changed
    ? { ...chat, members, group: { ...group, former, version: group.version + 1 } }
    : undefined
}
