import {
  clientIdOf,
  indexOf,
  type MemberIndex,
  SERVER_INDEX,
  type Writer,
} from '@wardline/core/base/client-id'
import type { ChatId, UserId } from '@wardline/core/base/ids'
import {
  type AwarenessEntry,
  readAwareness,
  writeAwareness,
} from '@wardline/core/presence/awareness-codec'
import type { Timers } from '../base/timers.ts'

/**
 * How far a client's clock may jump at once. A clock near the end of the numbers would make
 * every later state of that client look old.
 */
const MAX_CLOCK_JUMP = 100_000

/** A connection that has a chat's document open. */
export interface RoomMember {
  readonly user: UserId
  readonly index: MemberIndex
  /**
   * The client id that this connection may speak for. A plain client's is not known before it
   * speaks: it is the first of its own that it uses.
   */
  client: number | undefined
  /** Whether the server says here who is online. */
  readonly wantsOnline: boolean
  /** An awareness update. */
  send(update: Uint8Array): void
}

interface Said {
  readonly member: RoomMember
  readonly entry: AwarenessEntry
  /** Prevents that it expires. */
  readonly keep: () => void
}

interface Room {
  readonly members: Set<RoomMember>
  /** By client id. */
  readonly said: Map<number, Said>
  /** Of the server's own entry. */
  clock: number
}

/** Who says what is volatile in the documents of chats: typing. Nothing here is stored. */
export class AwarenessRooms {
  readonly #timers: Timers
  readonly #silenceMs: number
  readonly #serverClient: number
  readonly #onlineIn: (chat: ChatId) => Promise<readonly UserId[]>
  readonly #rooms = new Map<ChatId, Room>()

  /**
   * @param writer of the server's own entry
   * @param onlineIn the members of a chat who are online
   */
  constructor(
    timers: Timers,
    silenceMs: number,
    writer: Writer,
    onlineIn: (chat: ChatId) => Promise<readonly UserId[]>,
  ) {
    this.#timers = timers
    this.#silenceMs = silenceMs
    this.#serverClient = clientIdOf(SERVER_INDEX, writer)
    this.#onlineIn = onlineIn
  }

  join(chat: ChatId, member: RoomMember): void {
    const room = this.#rooms.get(chat) ?? { members: new Set(), said: new Map(), clock: 0 }
    this.#rooms.set(chat, room)
    room.members.add(member)
    this.tellAll(chat, member)
    this.publishOnline(chat, member)
  }

  /** What it said is taken back at once. */
  leave(chat: ChatId, member: RoomMember): void {
    const room = this.#rooms.get(chat)
    if (room === undefined) return
    room.members.delete(member)
    for (const said of [...room.said.values()])
      if (said.member === member) this.#takeBack(room, said)
    if (room.members.size === 0) this.#rooms.delete(chat)
  }

  /** Tells a member everything that was said, as an answer to a question for it. */
  tellAll(chat: ChatId, member: RoomMember): void {
    const said = this.#rooms.get(chat)?.said.values() ?? []
    const entries = [...said].filter((one) => one.member !== member).map(({ entry }) => entry)
    if (entries.length > 0) member.send(writeAwareness(entries))
  }

  /**
   * Passes on what a member says of itself; everything else in the update is dropped, because
   * stock clients repeat what they hear from others. Bytes that are no update are dropped too.
   */
  receive(chat: ChatId, member: RoomMember, update: Uint8Array): void {
    const room = this.#rooms.get(chat)
    if (room === undefined || !room.members.has(member)) return
    for (const { client, clock, state } of readAwareness(update) ?? []) {
      if (indexOf(client) !== member.index) continue
      const before = room.said.get(client)
      member.client ??= before === undefined ? client : undefined
      if (client !== member.client) continue
      this.#say(room, member, { client, clock, state })
    }
  }

  /**
   * Tells the members who want it, or one of them, who is online. Also when nothing has changed,
   * because stock clients forget what is silent for 30 s.
   */
  publishOnline(chat: ChatId, only?: RoomMember): void {
    const room = this.#rooms.get(chat)
    const whom = only === undefined ? [...(room?.members ?? [])] : [only]
    if (room === undefined || !whom.some((member) => member.wantsOnline)) return
    this.#onlineIn(chat).then(
      (online) => {
        const entry = { client: this.#serverClient, clock: ++room.clock, state: { online } }
        const update = writeAwareness([entry])
        for (const member of whom)
          if (member.wantsOnline && room.members.has(member)) member.send(update)
      },
      () => {}, // The store is not available, and all sockets are about to be closed for it.
    )
  }

  #say(room: Room, member: RoomMember, { client, clock, state }: AwarenessEntry): void {
    const before = room.said.get(client)
    // A connection of the same page load that has not noticed yet that it is dead.
    const other = before !== undefined && before.member !== member
    if (before !== undefined && !other) {
      const removal = clock === before.entry.clock && state === null
      if (clock <= before.entry.clock && !removal) return
      if (clock > before.entry.clock + MAX_CLOCK_JUMP) return
    } else if (clock > MAX_CLOCK_JUMP * 100) return
    before?.keep()
    room.said.delete(client)
    if (typeof state !== 'object' || state === null) {
      if (before !== undefined) this.#tell(room, member, { client, clock, state: null })
      return
    }
    const typing = 'typing' in state && state.typing === true
    const entry = { client, clock, state: { user: member.user, typing } }
    const keep = this.#timers.after(this.#silenceMs, () => {
      const said = room.said.get(client)
      if (said?.keep === keep) this.#takeBack(room, said)
    })
    room.said.set(client, { member, entry, keep })
    this.#tell(room, member, entry)
  }

  #takeBack(room: Room, { member, entry, keep }: Said): void {
    keep()
    room.said.delete(entry.client)
    this.#tell(room, member, { ...entry, state: null })
  }

  #tell(room: Room, from: RoomMember, entry: AwarenessEntry): void {
    const update = writeAwareness([entry])
    for (const member of room.members) if (member !== from) member.send(update)
  }
}
