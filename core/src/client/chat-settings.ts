/** How the person keeps their chats: pinned, muted, put away, marked as unread. */
import type { HybridClock } from '../chat/hybrid-clock.ts'
import { type ChatId, type DocName, type UserId, userDoc } from '../ids/ids.ts'
import { type ChatPrefs, prefKey, readChatPrefs } from './prefs.ts'
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

  /** Puts a chat whose newest message is of `newest`, ms, out of the way, or takes it back. */
  async archive(chat: ChatId, archived: boolean, newest: number): Promise<void> {
    const archivedAt = archived ? Math.max(this.#clock.now(), newest) : null
    await this.set(chat, { archivedAt })
  }

  /** The person has looked at the chat. */
  async unmark(chat: ChatId): Promise<void> {
    if (this.of(chat).markedUnread) await this.set(chat, { markedUnread: false })
  }
}
