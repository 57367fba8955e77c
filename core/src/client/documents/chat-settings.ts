/** How the person keeps their chats: pinned, muted, put away, marked as unread. */

import { type ChatId, type DocName, type UserId, userDoc } from '../../base/ids.ts'
import type { HybridClock } from '../../chat/hybrid-clock.ts'
import { type ChatPrefs, prefKey, readChatPrefs } from '../../chat/prefs.ts'
import type { SysDocs } from './sys-docs.ts'

export class ChatSettings {
  readonly #sysDocs: SysDocs
  readonly #clock: HybridClock
  readonly #doc: DocName
  /** Read once for all the times that a list asks. */
  readonly #read = new Map<ChatId, ChatPrefs>()

  constructor(sysDocs: SysDocs, clock: HybridClock, me: UserId) {
    this.#sysDocs = sysDocs
    this.#clock = clock
    this.#doc = userDoc(me)
  }

  /** The same object until the person's document changes. */
  of(chat: ChatId): ChatPrefs {
    const prefs =
      this.#read.get(chat) ?? readChatPrefs((key) => this.#sysDocs.pref(this.#doc, key), chat)
    this.#read.set(chat, prefs)
    return prefs
  }

  /** Something of the document is different. */
  changed(doc: DocName): void {
    if (doc === this.#doc) this.#read.clear()
  }

  /** Resolves once it is stored on this device. */
  async set(chat: ChatId, prefs: Partial<ChatPrefs>): Promise<void> {
    const changes = Object.entries(prefs).map(([setting, value]) => [
      prefKey(setting as keyof ChatPrefs, chat),
      value,
    ])
    await this.#sysDocs.setPrefs(this.#doc, Object.fromEntries(changes))
  }

  /**
   * Puts a chat out of the way, or takes it back. Of others it has so many messages, of which the
   * last came at `incomingAt`, ms.
   */
  async archive(
    chat: ChatId,
    archived: boolean,
    { incoming, incomingAt }: { incoming: number; incomingAt: number },
  ): Promise<void> {
    // The time is for programs that do not count.
    const archivedAt = archived ? Math.max(this.#clock.now(), incomingAt) : null
    await this.set(chat, { archivedAt, archivedWith: archived ? incoming : null })
  }

  /** The person has looked at the chat. */
  async unmark(chat: ChatId): Promise<void> {
    if (this.of(chat).markedUnread) await this.set(chat, { markedUnread: false })
  }
}
