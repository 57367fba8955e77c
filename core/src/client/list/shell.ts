/** Everything that the person sees outside a conversation. */
import type { UserId } from '../../base/ids.ts'
import type { OutboxIndex } from '../chats/outbox-index.ts'
import type { Presence } from '../chats/presence.ts'
import type { UploadQueue } from '../files/upload-queue.ts'
import type { Person, ShellView } from '../model/views.ts'
import type { Rounds } from '../rounds/rounds.ts'
import type { StorageProblem } from '../store/storage-problem.ts'
import type { SyncLink } from '../sync/sync-link.ts'
import type { ChatList } from './chat-list.ts'

export interface ShellOptions {
  me: Person
  list: ChatList
  syncLink: SyncLink
  outbox: OutboxIndex
  outgoing: UploadQueue
  presence: Presence
  problem: StorageProblem
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
    const { me, list, syncLink, outbox, outgoing, problem, rounds } = this.#options
    this.#view ??= {
      me,
      connection: syncLink.connection(),
      waiting: outbox.size + outgoing.messages.length,
      chats: list.all(),
      storageProblem: problem.problem,
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
    const { syncLink, presence } = this.#options
    if (!syncLink.isConnected()) return []
    return presence
      .all()
      .filter(({ online }) => online)
      .map(({ user }) => user)
  }
}
