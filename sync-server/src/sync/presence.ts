import type { ChatId, UserId } from '@wardline/core/base/ids'
import type { PersonPresence } from '@wardline/core/protocol/frames'
import type { Timers } from '../base/timers.ts'
import type { Membership } from '../directory/directory.ts'
import type { Connections } from './connections.ts'
import type { LastSeen } from './last-seen.ts'
import type { SyncDirectory } from './ports.ts'

interface Online {
  sockets: number
  /** Prevents that the user goes offline; there while the last socket has just closed. */
  keep: (() => void) | undefined
}

/**
 * Who is online: whoever has a socket, or had one until some seconds ago, so that a phone that
 * changes networks does not flicker. Told to the people who share a chat with them.
 */
export class Presence {
  readonly #directory: SyncDirectory
  readonly #connections: Connections
  readonly #lastSeen: LastSeen
  readonly #timers: Timers
  readonly #graceMs: number
  readonly #online = new Map<UserId, Online>()
  readonly #watchers = new Set<(chat: ChatId) => void>()

  constructor(
    directory: SyncDirectory,
    connections: Connections,
    lastSeen: LastSeen,
    timers: Timers,
    graceMs: number,
  ) {
    this.#directory = directory
    this.#connections = connections
    this.#lastSeen = lastSeen
    this.#timers = timers
    this.#graceMs = graceMs
  }

  isOnline(user: UserId): boolean {
    return this.#online.has(user)
  }

  /** Calls back with each chat of each user who goes online or offline. */
  watch(watcher: (chat: ChatId) => void): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** @param chats of the user, if they were read just now */
  connected(user: UserId, chats?: readonly Membership[]): void {
    const online = this.#online.get(user)
    if (online !== undefined) {
      online.keep?.()
      online.keep = undefined
      online.sockets++
      return
    }
    this.#online.set(user, { sockets: 1, keep: undefined })
    this.#tell(user, { user, online: true, lastSeenAt: 0 }, chats)
  }

  disconnected(user: UserId): void {
    const online = this.#online.get(user)
    if (online === undefined || --online.sockets > 0) return
    const at = this.#timers.now()
    online.keep = this.#timers.after(this.#graceMs, () => {
      this.#online.delete(user)
      this.#lastSeen.note(user, at)
      this.#tell(user, { user, online: false, lastSeenAt: at })
    })
  }

  /**
   * The people who share a chat with a user, and are online or were seen.
   *
   * @param chats of the user, if they were read just now
   */
  async contactsOf(user: UserId, chats?: readonly Membership[]): Promise<PersonPresence[]> {
    const contacts = contactsIn(chats ?? (await this.#directory.chatsOf(user)), user)
    const lastSeen = await this.#lastSeen.of(contacts.filter((contact) => !this.isOnline(contact)))
    return contacts
      .map((contact): PersonPresence => {
        const online = this.isOnline(contact)
        // Noted while the clock ran ahead: nobody was seen in the future.
        const seenAt = Math.min(lastSeen.get(contact) ?? 0, this.#timers.now())
        return { user: contact, online, lastSeenAt: online ? 0 : seenAt }
      })
      .filter(({ online, lastSeenAt }) => online || lastSeenAt > 0)
  }

  /** Nobody is offline because the server goes down; but they were last seen now. */
  stop(): void {
    const at = this.#timers.now()
    for (const [user, { keep }] of this.#online) {
      keep?.()
      this.#lastSeen.note(user, at)
    }
    this.#online.clear()
  }

  #tell(user: UserId, person: PersonPresence, known?: readonly Membership[]): void {
    const reading = known === undefined ? this.#directory.chatsOf(user) : Promise.resolve(known)
    reading.then(
      (chats) => {
        // It may have changed again while the chats were read; then others tell.
        if (this.isOnline(user) !== person.online) return
        for (const contact of contactsIn(chats, user))
          for (const listening of this.#connections.listening(contact)) listening.presence(person)
        for (const { chat } of chats) for (const watcher of [...this.#watchers]) watcher(chat.id)
      },
      () => {}, // The store is not available, and all sockets are about to be closed for it.
    )
  }
}

const contactsIn = (chats: readonly Membership[], user: UserId): UserId[] => {
  const members = chats.flatMap(({ chat }) => chat.members.map(({ userId }) => userId))
  return [...new Set(members)].filter((member) => member !== user)
}
