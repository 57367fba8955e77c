import type { ChatId, DeviceId, UserId } from '@wardline/core/base/ids'
import { CloseCode } from '@wardline/core/protocol/close-code'
import type { PersonPresence } from '@wardline/core/protocol/frames'
import { Few } from '../base/few.ts'
import type { Scoped } from '../directory/chat-scope.ts'
import { scopeOf } from '../storage/scope.ts'
import type { Move } from './documents.ts'

/** A connection of somebody who has said who they are. */
export interface Live {
  readonly user: UserId
  readonly device: DeviceId | undefined
  readonly session: string
  /** When the program at the other end said something last, ms. Pings of the socket do not count. */
  readonly heardAt: number
  close(code: number, reason: string): void
  /** Ends what it has open of a chat, and what it hears of it. */
  closeChat(chat: ChatId, code: number, reason: string): void
}

/** A connection that hears of what it has not open. */
export interface Listening extends Live, Scoped {
  moved(move: Move): void
  presence(person: PersonPresence): void
}

/** Who is connected: for limits, for what moved, and for closing what someone may no longer have. */
export class Connections {
  readonly #users = new Map<UserId, Few<Live>>()
  readonly #scopes = new Map<string, Few<Listening>>()
  readonly #listening = new Map<UserId, Few<Listening>>()

  add(live: Live): void {
    put(this.#users, live.user, live)
  }

  remove(live: Live): void {
    drop(this.#users, live.user, live)
  }

  count(user: UserId): number {
    return this.#users.get(user)?.size ?? 0
  }

  /** Those of a session, and of the device that it is on. */
  ofDevice(user: UserId, session: string, device: DeviceId | undefined): Live[] {
    return [...(this.#users.get(user) ?? [])].filter(
      (live) => live.session === session || (device !== undefined && live.device === device),
    )
  }

  /** Every connection there is. */
  all(): Live[] {
    return [...this.#users.values()].flatMap((set) => [...set])
  }

  addListening(listening: Listening): void {
    put(this.#listening, listening.user, listening)
  }

  removeListening(listening: Listening): void {
    drop(this.#listening, listening.user, listening)
  }

  listening(user: UserId): Iterable<Listening> {
    return this.#listening.get(user) ?? []
  }

  /** From now on the connection hears of documents under this scope, `user/<id>` or `chat/<id>`. */
  subscribe(scope: string, listening: Listening): void {
    put(this.#scopes, scope, listening)
  }

  unsubscribe(scope: string, listening: Listening): void {
    drop(this.#scopes, scope, listening)
  }

  moved(moves: readonly Move[]): void {
    for (const move of moves) {
      const scope = this.#scopes.get(scopeOf(move.doc))
      if (scope !== undefined) for (const listening of scope) listening.moved(move)
    }
  }

  /** Closes what was opened with the tokens of a session that has ended. */
  closeSession(session: string, user: UserId): void {
    for (const live of [...(this.#users.get(user) ?? [])])
      if (live.session === session) live.close(CloseCode.unauthorized, 'the session has ended')
  }

  /** Closes what was opened with access tokens that are good no more. */
  closeUser(user: UserId): void {
    for (const live of [...(this.#users.get(user) ?? [])])
      live.close(CloseCode.unauthorized, 'the token is not good any more')
  }

  /** Closes what a user has open of a chat: they were removed from it. */
  closeChat(user: UserId, chat: ChatId): void {
    for (const live of [...(this.#users.get(user) ?? [])])
      live.closeChat(chat, CloseCode.forbidden, 'not a member')
  }

  closeAll(code: number, reason: string): void {
    for (const live of this.all()) live.close(code, reason)
  }
}

const put = <K, V extends object>(map: Map<K, Few<V>>, key: K, value: V): void => {
  const known = map.get(key)
  const few = known ?? new Few<V>()
  if (known === undefined) map.set(key, few)
  few.add(value)
}

const drop = <K, V extends object>(map: Map<K, Few<V>>, key: K, value: V): void => {
  const few = map.get(key)
  few?.delete(value)
  if (few?.size === 0) map.delete(key)
}
