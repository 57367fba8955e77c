/** What stands in the composers of the chats, in all tabs of the device and after a restart. */
import type { ChatId } from '../ids/ids.ts'
import type { LocalStore } from './local-store.ts'
import type { TabBus } from './tab-bus.ts'

export interface DraftsOptions {
  store: Pick<LocalStore, 'putDraft'>
  bus: TabBus
  changed(chat: ChatId): void
}

export class Drafts {
  readonly #options: DraftsOptions
  readonly #texts = new Map<ChatId, string>()

  constructor(options: DraftsOptions) {
    this.#options = options
  }

  /** Takes in what the device kept, or what another tab says; '' for nothing. */
  note(chat: ChatId, text: string): void {
    if (text === '') this.#texts.delete(chat)
    else this.#texts.set(chat, text)
    this.#options.changed(chat)
  }

  /** '' for none. */
  of(chat: ChatId): string {
    return this.#texts.get(chat) ?? ''
  }

  /** Chats that have one. */
  chats(): Iterable<ChatId> {
    return this.#texts.keys()
  }

  /** Resolves once it is stored on this device. */
  async set(chat: ChatId, text: string): Promise<void> {
    if (this.of(chat) === text) return
    this.note(chat, text)
    await this.#options.store.putDraft(chat, text)
    this.#options.bus.post({ type: 'draft', chat, text })
  }
}
