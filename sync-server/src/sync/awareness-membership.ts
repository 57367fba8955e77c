import { clientIdOf, type MemberIndex, type Writer } from '@wardline/core/base/client-id'
import type { ChatId, UserId } from '@wardline/core/base/ids'
import type { AwarenessRooms, RoomMember } from './awareness-rooms.ts'

export interface AwarenessMembershipOptions {
  readonly user: UserId
  readonly index: MemberIndex
  /** Undefined for a plain client, which has not said it. */
  readonly writer: Writer | undefined
  send(update: Uint8Array): void
}

/** A connection's place among those who have a chat's document open. */
export class AwarenessMembership {
  readonly #rooms: AwarenessRooms
  readonly #chat: ChatId
  readonly #member: RoomMember

  constructor(rooms: AwarenessRooms, chat: ChatId, options: AwarenessMembershipOptions) {
    const { user, index, writer, send } = options
    this.#rooms = rooms
    this.#chat = chat
    this.#member = {
      user,
      index,
      client: writer === undefined ? undefined : clientIdOf(index, writer),
      wantsOnline: writer === undefined,
      send,
    }
    rooms.join(chat, this.#member)
  }

  receive(update: Uint8Array): void {
    this.#rooms.receive(this.#chat, this.#member, update)
  }

  /** Asks for everything that was said. */
  ask(): void {
    this.#rooms.tellAll(this.#chat, this.#member)
    this.renew()
  }

  /** Repeats who is online. */
  renew(): void {
    this.#rooms.publishOnline(this.#chat, this.#member)
  }

  leave(): void {
    this.#rooms.leave(this.#chat, this.#member)
  }
}
