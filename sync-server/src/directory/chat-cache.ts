/**
 * Chats read lately, so that a message costs no look into the store. At most `size`; the one used
 * longest ago goes first. Only this process's directory writes chats, and it puts what it wrote.
 */
import type { ChatId } from '@wardline/core/base/ids'
import type { Chat } from './chat-record.ts'

/** A chat and the version of its record. */
export interface VersionedChat {
  readonly chat: Chat
  readonly version: number
}

export class ChatCache {
  readonly #size: number
  readonly #chats = new Map<ChatId, VersionedChat>()

  constructor(size: number) {
    this.#size = size
  }

  get(id: ChatId): VersionedChat | undefined {
    const found = this.#chats.get(id)
    if (found === undefined) return undefined
    this.#chats.delete(id)
    this.#chats.set(id, found)
    return found
  }

  /** Keeps the newer of what is there and what comes: a slow read never hides a later write. */
  put(entry: VersionedChat): VersionedChat {
    const id = entry.chat.id
    const known = this.#chats.get(id)
    const newer = known !== undefined && known.version > entry.version ? known : entry
    this.#chats.delete(id)
    this.#chats.set(id, newer)
    for (const oldest of this.#chats.keys()) {
      if (this.#chats.size <= this.#size) break
      this.#chats.delete(oldest)
    }
    return newer
  }

  drop(id: ChatId): void {
    this.#chats.delete(id)
  }

  clear(): void {
    this.#chats.clear()
  }
}
