/** What stands in the composers of the chats, in all tabs of the device and after a restart. */
import type { ChatId } from '../ids/ids.ts'
import { type ComposerDraft, isEmptyDraft, isSameDraft, noDraft } from './composer-draft.ts'
import type { LocalStore } from './local-store.ts'
import type { Settled } from './pages.ts'
import type { TabBus } from './tab-bus.ts'

export interface DraftsOptions {
  store: Pick<LocalStore, 'putDraft'>
  bus: TabBus
  changed(chat: ChatId): void
}

export class Drafts {
  readonly #options: DraftsOptions
  readonly #drafts = new Map<ChatId, ComposerDraft>()

  constructor(options: DraftsOptions) {
    this.#options = options
  }

  /** Takes in what the device kept, or what another tab says. */
  note(chat: ChatId, draft: ComposerDraft): void {
    if (isEmptyDraft(draft)) this.#drafts.delete(chat)
    else this.#drafts.set(chat, draft)
    this.#options.changed(chat)
  }

  of(chat: ChatId): ComposerDraft {
    return this.#drafts.get(chat) ?? noDraft
  }

  /** Chats that have one. */
  chats(): Iterable<ChatId> {
    return this.#drafts.keys()
  }

  /** Resolves once it is stored on this device. */
  async set(chat: ChatId, draft: ComposerDraft): Promise<void> {
    if (isSameDraft(this.of(chat), draft)) return
    this.note(chat, draft)
    await this.#options.store.putDraft({ chat, draft })
    this.#options.bus.post({ type: 'draft', chat, draft })
  }

  /**
   * Writes what came out of a composer. `write` stores what `rest` leaves of the draft in the
   * transaction of the entry: whatever happens in between, one of the two is there, and not both.
   */
  async finish(
    chat: ChatId,
    rest: (draft: ComposerDraft) => ComposerDraft,
    write: (settled: Settled) => Promise<void>,
  ): Promise<void> {
    const draft = this.of(chat)
    const left = rest(draft)
    if (left === draft) return await write({})
    await write({ draft: { chat, draft: left } })
    // Another tab may have changed it meanwhile.
    if (this.of(chat) !== draft) return
    this.note(chat, left)
    this.#options.bus.post({ type: 'draft', chat, draft: left })
  }
}
