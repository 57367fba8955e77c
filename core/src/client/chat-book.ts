/**
 * Which chats there are for the person of this device, and who is in them: from what the server
 * wrote into their own document, and from chats that were begun here before the server heard of
 * them.
 */
import { readUserSys } from '../chat/sys.ts'
import type { MemberIndex } from '../ids/client-id.ts'
import { type ChatId, type DocName, directChatId, directPair, parseDocName } from '../ids/ids.ts'
import type { Person } from './views.ts'

export interface Member extends Person {
  index: MemberIndex
  /** Since when they are in it, ms; undefined for always. */
  since?: number
  /** Whether they are out of it again. */
  left?: boolean
}

export interface Chat {
  id: ChatId
  kind: 'direct' | 'group'
  /** Of a group; '' otherwise. */
  title: string
  members: readonly Member[]
  /** Index of the person of this device. */
  me: MemberIndex
  /** Whether the server knows of it. */
  registered: boolean
  /** Since when it is there, ms; 0 for one that was begun here. */
  since: number
}

const PATIENT = 1
const DOCTOR = 2

export class ChatBook {
  readonly #me: Person
  readonly #chats = new Map<ChatId, Chat>()

  constructor(me: Person) {
    this.#me = me
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

  /** Takes in what the server says in the person's own document. */
  readUserDoc(entries: Iterable<readonly [string, unknown]>): void {
    for (const [id, chat] of readUserSys(entries)) {
      const me = chat.members.find((member) => member.userId === this.#me.id)?.index
      if (me === undefined) continue
      const members = chat.members.map(({ index, userId, name, role, specialty }) => ({
        index,
        id: userId,
        name,
        role,
        ...(specialty === undefined ? {} : { specialty }),
      }))
      const { kind, at } = chat
      this.#chats.set(id, { id, kind, title: '', members, me, registered: true, since: at })
    }
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
      members: [
        { ...patient, index: PATIENT },
        { ...doctor, index: DOCTOR },
      ],
      me: this.#me.id === patient.id ? PATIENT : DOCTOR,
      registered: false,
      since: 0,
    })
  }
}
