/**
 * Which chats there are for the person of this device, and who is in them: from what the server
 * wrote into their own document, and from chats that were begun here before the server heard of
 * them.
 */

import type { MemberIndex } from '../../base/client-id.ts'
import {
  type ChatId,
  type DocName,
  directChatId,
  directPair,
  parseDocName,
  type UserId,
} from '../../base/ids.ts'
import type { BirthDate } from '../../chat/birth-date.ts'
import { knowsBirthDates } from '../../chat/role.ts'
import {
  type ChatSys,
  readChatSys,
  readUserSys,
  type UserChat,
  type UserChatMember,
} from '../../chat/sys.ts'
import type { Person } from '../model/views.ts'

export interface Member extends Person {
  index: MemberIndex
  /** Since when they are in it, ms; undefined for always. */
  since?: number
  /** Whether they are out of it again. */
  left?: boolean
}

/** A chat of a user as the server has written it into their document. */
type KnownChat = UserChat & { readonly version: number }

export interface Chat {
  id: ChatId
  kind: 'direct' | 'group'
  /** Of a group; '' otherwise. */
  title: string
  /** Those who left too. */
  members: readonly Member[]
  /** Index of the person of this device. */
  me: MemberIndex
  /** Whether the person of this device is out of it. */
  left: boolean
  /** Whether the server knows of it. */
  registered: boolean
  /** Since when it is there for the person, ms; 0 for one that was begun here. */
  since: number
  /** When it began, ms; 0 while that is not known. */
  began: number
  /** It was erased for everybody: nothing of it may stay here. */
  erased?: true
  /** Members of a direct chat who take no messages in it. */
  closedBy?: readonly MemberIndex[]
}

const PATIENT = 1
const DOCTOR = 2

const memberOf = ({
  index,
  userId,
  name,
  role,
  specialty,
  birthDate,
  since,
  left,
  closed,
}: UserChatMember): Member => ({
  index,
  id: userId,
  name,
  role,
  ...(specialty !== undefined && { specialty }),
  ...(birthDate !== undefined && { birthDate }),
  ...(since !== undefined && { since }),
  ...(left === true && { left }),
  ...(closed === true && { accountClosed: closed }),
})

export class ChatRegistry {
  readonly #me: Person
  readonly #chats = new Map<ChatId, Chat>()
  /** What the server says of groups: in the person's own document, and in the chat's. */
  readonly #groups = new Map<ChatId, { known?: KnownChat; sys?: ChatSys }>()
  /** What is known of birth dates, from any chat and from whom the person looked for. */
  readonly #born = new Map<UserId, BirthDate>()

  constructor(me: Person) {
    this.#me = me
  }

  /**
   * Birth dates that the device has heard of elsewhere. A chat whose documents say nothing of its
   * patient's, or not yet, has this one. Returns the chats that are not as they were.
   */
  learn(people: readonly Pick<Person, 'id' | 'birthDate'>[]): ChatId[] {
    let isNew = false
    for (const { id, birthDate } of people) {
      if (birthDate === undefined || this.#born.get(id) === birthDate) continue
      this.#born.set(id, birthDate)
      isNew = true
    }
    const changed: ChatId[] = []
    if (!isNew) return changed
    for (const [id, chat] of this.#chats) {
      const members = chat.members.map((member) => this.#dated(member))
      if (members.every((member, i) => member === chat.members[i])) continue
      this.#chats.set(id, { ...chat, members })
      changed.push(id)
    }
    return changed
  }

  #dated(member: Member): Member {
    // A patient knows their own, and needs it nowhere.
    if (!knowsBirthDates(this.#me.role)) return member
    const birthDate = member.role === 'patient' ? this.#born.get(member.id) : undefined
    return birthDate === undefined || birthDate === member.birthDate
      ? member
      : { ...member, birthDate }
  }

  get(id: ChatId): Chat | undefined {
    return this.#chats.get(id)
  }

  all(): Iterable<Chat> {
    return this.#chats.values()
  }

  /** Index of the person in the chat that a document belongs to. */
  indexIn(doc: DocName): MemberIndex | undefined {
    const ref = parseDocName(doc)
    if (ref === undefined || ref.kind === 'user') return undefined
    const known = this.#chats.get(ref.chat)
    if (known !== undefined) return known.me
    // The id alone says it for a direct chat, whatever else is not here yet.
    const pair = directPair(ref.chat)
    if (pair?.patient === this.#me.id) return PATIENT
    return pair?.doctor === this.#me.id ? DOCTOR : undefined
  }

  /**
   * Whether the person may have what a document holds, and this device knows their index there:
   * the id of a direct chat says it, of a group only the person's own document does.
   */
  canTake(doc: DocName): boolean {
    const ref = parseDocName(doc)
    if (ref === undefined) return false
    if (ref.kind === 'user') return true
    return this.#chats.get(ref.chat)?.left !== true && this.indexIn(doc) !== undefined
  }

  /**
   * Takes in what the server says in the person's own document. Returns the chats that were known
   * and are not as they were.
   */
  readUserDoc(entries: Iterable<readonly [string, unknown]>): ChatId[] {
    const all = readUserSys(entries)
    const changed = this.learn(
      [...all.values()].flatMap(({ members }) =>
        members.map(({ userId: id, birthDate }) => ({ id, ...(birthDate && { birthDate }) })),
      ),
    )
    for (const [id, known] of all) {
      if (known.kind === 'group') {
        const group = this.#groups.get(id) ?? {}
        if (group.known?.version === known.version) continue
        const isNew = group.known === undefined
        this.#groups.set(id, { ...group, known })
        if (this.#putGroup(id) && !isNew) changed.push(id)
        continue
      }
      const me = known.members.find((member) => member.userId === this.#me.id)?.index
      if (me === undefined) continue
      const members = known.members.map((member) => this.#dated(memberOf(member)))
      const { at: since, closedBy, left = false, erased } = known
      const closed = { ...(closedBy && { closedBy }), ...(erased && { erased }) }
      const rest = { title: '', me, left, registered: true, since, ...closed, began: since }
      this.#chats.set(id, { id, kind: 'direct', members, ...rest })
    }
    return changed
  }

  /** Takes in what the server says in a chat's document. Returns whether a group changed by it. */
  readChatDoc(id: ChatId, entries: Iterable<readonly [string, unknown]>): boolean {
    const sys = readChatSys(entries)
    const group = this.#groups.get(id) ?? {}
    if (sys.kind !== 'group' || group.sys?.version === sys.version) return false
    this.#groups.set(id, { ...group, sys })
    return this.#putGroup(id)
  }

  /** The newer of the two documents says who is in it; the chat's alone knows who ever was. */
  #putGroup(id: ChatId): boolean {
    const { known, sys } = this.#groups.get(id) ?? {}
    const me = known?.members.find((member) => member.userId === this.#me.id)?.index
    if (known === undefined || me === undefined) return false
    const ever = (sys?.members ?? []).map(
      ({ at, ...member }): Member => ({ ...memberOf(member), since: at }),
    )
    const listed = known.members.map(memberOf)
    const isListed = ({ index }: Member): boolean => listed.some((one) => one.index === index)
    const former = ever.filter((one) => !isListed(one)).map((one) => ({ ...one, left: true }))
    const newer = sys !== undefined && sys.version > known.version
    const now = newer ? ever : [...listed, ...former].sort((a, b) => a.index - b.index)
    const members = now.map((member) => this.#dated(member))
    const title = (newer ? sys.title : known.title) ?? ''
    const left = members.find(({ index }) => index === me)?.left === true
    const began = sys?.events[0]?.at ?? 0
    const rest = { title, me, left, registered: true, since: known.at, began }
    this.#chats.set(id, { id, kind: 'group', members, ...rest })
    return true
  }

  /** The direct chat with somebody, which may be new. Undefined when the roles allow none. */
  begin(other: Person): ChatId | undefined {
    const [patient, doctor] = this.#me.role === 'patient' ? [this.#me, other] : [other, this.#me]
    if (patient.role !== 'patient' || doctor.role !== 'doctor') return undefined
    const id = directChatId(patient.id, doctor.id)
    this.#remember(id, patient, doctor)
    return id
  }

  /** The direct chat that an address names, if the other person is known. */
  beginNamed(id: ChatId, people: readonly Person[]): Chat | undefined {
    const pair = directPair(id)
    const other = pair?.patient === this.#me.id ? pair.doctor : pair?.patient
    const person = people.find((known) => known.id === other)
    if (person === undefined || pair === undefined) return undefined
    if (pair.patient !== this.#me.id && pair.doctor !== this.#me.id) return undefined
    this.begin(person)
    return this.#chats.get(id)
  }

  /** A chat that was begun on this device in an earlier run; `people` for the name. */
  recall(id: ChatId, people: readonly Person[]): void {
    const pair = directPair(id)
    if (pair === undefined || this.#chats.has(id)) return
    const find = (user: string, role: Person['role']): Person =>
      people.find((person) => person.id === user) ?? {
        id: user as Person['id'],
        name: user,
        role,
      }
    if (pair.patient === this.#me.id) this.#remember(id, this.#me, find(pair.doctor, 'doctor'))
    if (pair.doctor === this.#me.id) this.#remember(id, find(pair.patient, 'patient'), this.#me)
  }

  #remember(id: ChatId, patient: Person, doctor: Person): void {
    if (this.#chats.has(id)) return
    this.#chats.set(id, {
      id,
      kind: 'direct',
      title: '',
      members: [this.#dated({ ...patient, index: PATIENT }), { ...doctor, index: DOCTOR }],
      me: this.#me.id === patient.id ? PATIENT : DOCTOR,
      left: false,
      registered: false,
      since: 0,
      began: 0,
    })
  }
}
