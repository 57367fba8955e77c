/** Everything that the person sees outside a conversation. */
import type { UserId } from '../../base/ids.ts'
import type { OutboxBook } from '../chats/outbox-index.ts'
import type { PresenceBook } from '../chats/presence.ts'
import type { OutgoingDesk } from '../files/upload-queue.ts'
import type { Person, ShellView } from '../model/views.ts'
import type { Rounds } from '../rounds/rounds.ts'
import type { StorageAlarm } from '../store/storage-problem.ts'
import type { Uplink } from '../sync/sync-link.ts'
import type { ChatList } from './chat-list.ts'

export interface ShellOptions {
  me: Person
  list: ChatList
  uplink: Uplink
  outbox: OutboxBook
  outgoing: OutgoingDesk
  presence: PresenceBook
  alarm: StorageAlarm
  rounds: Rounds
}

export class Shell {
  readonly #options: ShellOptions
  #view: ShellView | undefined

  constructor(options: ShellOptions) {
    this.#options = options
  }

  /** The same object until something changes. */
  view(): ShellView {
    const { me, list, uplink, outbox, outgoing, alarm, rounds } = this.#options
    this.#view ??= {
      me,
      connection: uplink.connection(),
      waiting: outbox.size + outgoing.messages.length,
      chats: list.all(),
      storageProblem: alarm.problem,
      online: this.#online(),
      rounds: rounds.view(),
    }
    return this.#view
  }

  /** Something that it shows may be different. */
  changed(): void {
    this.#view = undefined
  }

  /** Without a connection nobody is known to be online. */
  #online(): readonly UserId[] {
    const { uplink, presence } = this.#options
    if (!uplink.isConnected()) return []
    return presence
      .all()
      .filter(({ online }) => online)
      .map(({ user }) => user)
  }
}
