import { type ChatId, type UserId, userDoc } from '@wardline/core/base/ids'
import { Few } from '../base/few.ts'
import { maySee } from '../directory/chat-scope.ts'
import type { Membership } from '../directory/directory.ts'
import type { DocHead } from '../storage/store.ts'
import type { Listening } from './connections.ts'
import type { SyncContext } from './sync-context.ts'

export interface ScopesEvents {
  /** The user got into chats: what there is in them. */
  joined(docs: readonly DocHead[]): void
  /** There are people whom the user did not share a chat with before. */
  met(): void
  /** The user is no longer in a chat. */
  left(chat: ChatId): void
  scopesFailed(error: unknown): void
}

/**
 * Under which names a connection hears of documents: the user's own, and the chats that they are
 * in. Follows the user into chats and out of them.
 */
export class ChatScopes {
  readonly #context: Pick<SyncContext, 'connections' | 'directory' | 'documents'>
  readonly #listening: Listening
  readonly #events: ScopesEvents
  readonly #scopes = new Few<string>()
  /** Who shares a chat with the user. */
  #people = new Few<UserId>()
  #refreshing: 'no' | 'yes' | 'again' = 'no'
  /** The user's document moved since this began. */
  #moved = false
  #stopped = false

  constructor(context: SyncContext, listening: Listening, events: ScopesEvents) {
    this.#context = context
    this.#listening = listening
    this.#events = events
    this.#add(userDoc(listening.user))
  }

  /** Whether chats may be missing that the user is in. */
  get refreshing(): boolean {
    return this.#refreshing !== 'no'
  }

  /** Whether what was read of the user's chats before may not hold any more. */
  get moved(): boolean {
    return this.#moved
  }

  /** Whether somebody shares a chat with the user that the connection hears of. */
  knows(person: UserId): boolean {
    return this.#people.has(person)
  }

  addChats(chats: readonly Membership[]): void {
    this.#meet(chats)
    if (this.#moved) return
    for (const { chat } of chats) this.#add(scopeOfChat(chat.id))
  }

  /** The user is out of a chat: from now on the connection hears nothing of it. */
  drop(chat: ChatId): void {
    const scope = scopeOfChat(chat)
    if (this.#scopes.delete(scope)) this.#context.connections.unsubscribe(scope, this.#listening)
  }

  /** The user's document moved: they may have got into a chat, or out of one. */
  refresh(): void {
    this.#moved = true
    if (this.#refreshing !== 'no') {
      this.#refreshing = 'again'
      return
    }
    this.#refreshing = 'yes'
    this.#refresh()
      .catch((error: unknown) => {
        if (!this.#stopped) this.#events.scopesFailed(error)
      })
      .finally(() => {
        const again = this.#refreshing === 'again'
        this.#refreshing = 'no'
        if (again && !this.#stopped) this.refresh()
      })
  }

  stop(): void {
    this.#stopped = true
    for (const scope of this.#scopes) this.#context.connections.unsubscribe(scope, this.#listening)
    this.#scopes.clear()
  }

  /** Notes who shares a chat with the user; whether somebody is new among them. */
  #meet(chats: readonly Membership[]): boolean {
    const before = this.#people
    const people = new Few<UserId>()
    let isNew = false
    for (const { chat } of chats)
      for (const { userId } of chat.members)
        if (userId !== this.#listening.user && people.add(userId) && !before.has(userId))
          isNew = true
    this.#people = people
    return isNew
  }

  #add(scope: string): boolean {
    if (this.#stopped || !this.#scopes.add(scope)) return false
    this.#context.connections.subscribe(scope, this.#listening)
    return true
  }

  async #refresh(): Promise<void> {
    const { directory, documents } = this.#context
    const all = await directory.chatsOf(this.#listening.user)
    const chats = all.filter(({ chat }) => maySee(this.#listening, chat.id))
    // It moved once more meanwhile: what was read may hold a chat that the user is out of.
    if (this.#stopped || this.#refreshing === 'again') return
    if (this.#meet(chats)) this.#events.met()
    const scopes = new Map(chats.map(({ chat }) => [scopeOfChat(chat.id), chat.id]))
    for (const scope of [...this.#scopes]) {
      if (scope === userDoc(this.#listening.user) || scopes.has(scope)) continue
      const chat = scope.slice(CHAT.length) as ChatId
      this.drop(chat)
      this.#events.left(chat)
    }
    const fresh = [...scopes.keys()].filter((scope) => this.#add(scope))
    if (fresh.length === 0) return
    // From here on the connection hears of them: what was before is read.
    const docs = await documents.store.changedSince(fresh, 0)
    if (!this.#stopped) this.#events.joined(docs)
  }
}

const CHAT = 'chat/'
export const scopeOfChat = (chat: ChatId): string => CHAT + chat
