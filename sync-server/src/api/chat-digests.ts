import type { MemberIndex } from '@wardline/core/ids/client-id'
import {
  type DocName,
  type Month,
  pageDoc,
  parseDocName,
  type UserId,
} from '@wardline/core/ids/ids'
import type { Chat } from '../directory/chat-record.ts'
import { Lru } from '../storage/lru.ts'
import type { Store } from '../storage/store.ts'
import type { PageFolds } from './page-folds.ts'
import type { LastMessageJson } from './schemas.ts'

/** Pages, for each of their readers, whose digests are kept: some 300 bytes each. */
const KEPT = 20_000

/** What a list of chats tells about a chat. */
export interface ChatDigest {
  readonly lastMessage: LastMessageJson | null
  readonly unreadCount: number
}

interface PageDigest extends ChatDigest {
  readonly head: number
}

type Seated = { readonly chat: Chat; readonly index: MemberIndex }

/** The newest message of chats, and how many the caller has not read. Kept by head. */
export class ChatDigests {
  readonly #store: Pick<Store, 'changedSince'>
  readonly #folds: PageFolds
  readonly #kept = new Lru<string, PageDigest>(KEPT)

  constructor(store: Pick<Store, 'changedSince'>, folds: PageFolds) {
    this.#store = store
    this.#folds = folds
  }

  /** In the order of the seats. Rejects with `StoreError`. */
  async of(who: UserId, seats: readonly Seated[]): Promise<readonly ChatDigest[]> {
    const scopes = seats.map(({ chat }) => `chat/${chat.id}`)
    const heads = await this.#store.changedSince(scopes, 0)
    const months = new Map<string, { month: Month; head: number }[]>()
    for (const { doc, head } of heads) {
      const ref = parseDocName(doc)
      if (ref?.kind !== 'page') continue
      const list = months.get(ref.chat) ?? []
      months.set(ref.chat, list)
      list.push({ month: ref.month, head })
    }
    const digests: ChatDigest[] = []
    for (const seat of seats)
      digests.push(await this.#chat(who, seat, months.get(seat.chat.id) ?? []))
    return digests
  }

  async #chat(
    who: UserId,
    seat: Seated,
    pages: readonly { month: Month; head: number }[],
  ): Promise<ChatDigest> {
    let lastMessage: LastMessageJson | null = null
    let unreadCount = 0
    const newestFirst = [...pages].sort((a, b) => (a.month < b.month ? 1 : -1))
    for (const { month, head } of newestFirst) {
      const digest = await this.#page(who, seat, pageDoc(seat.chat.id, month), month, head)
      lastMessage ??= digest.lastMessage
      unreadCount += digest.unreadCount
    }
    return { lastMessage, unreadCount }
  }

  async #page(
    who: UserId,
    seat: Seated,
    doc: DocName,
    month: Month,
    head: number,
  ): Promise<PageDigest> {
    // Who is in the chat decides what counts as delivered to all.
    const members = seat.chat.members.map(({ index, since }) => `${index}.${since}`).join()
    const key = `${doc} ${seat.index} ${members}`
    const known = this.#kept.get(key)
    if (known?.head === head) return known
    await new Promise(setImmediate) // let sockets be served between two folds
    const { chat, index } = seat
    const found = await this.#folds.ask(who, doc, 'digest', { seat: { chat, index }, month })
    const digest = { head, ...found }
    this.#kept.set(key, digest)
    return digest
  }
}
