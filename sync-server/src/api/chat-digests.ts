import type { MemberIndex } from '@wardline/core/base/client-id'
import {
  type DocName,
  type Month,
  pageDoc,
  parseDocName,
  type UserId,
} from '@wardline/core/base/ids'
import { z } from 'zod'
import { Lru } from '../base/lru.ts'
import type { Chat } from '../directory/chat-record.ts'
import type { LastMessageJson } from '../folds/message-schema.ts'
import type { AnswerTo } from '../folds/page-questions.ts'
import type { RecordWrite, Store } from '../storage/store.ts'
import type { PageFolds } from './page-folds.ts'

/** Pages, for each of their readers, whose digests are kept: some 300 bytes each. */
const KEPT = 20_000

/** A page above so many bytes is not folded again after a restart only to know what is unread. */
const WORTH_NOTING = 256 * 1024

/**
 * What is stored of a page for a reader. Nothing of what was written: that has to be gone when its
 * author takes it back.
 */
const noteSchema = z.object({
  head: z.number(),
  unread: z.number(),
  /** When there was something new last, ms; null for a page without messages. */
  latest: z.number().nullable(),
})
type PageNote = z.infer<typeof noteSchema>

const noteKey = (doc: DocName, index: MemberIndex): string => `digest/${doc}/${index}`

/** What a list of chats tells about a chat. */
export interface ChatDigest {
  readonly lastMessage: LastMessageJson | null
  readonly unreadCount: number
}

interface PageDigest extends AnswerTo<'digest'> {
  readonly head: number
}

type DigestStore = Pick<Store, 'changedSince' | 'getRecords' | 'extent' | 'commit'>
type InChat = { readonly chat: Chat; readonly index: MemberIndex }

/**
 * The message by which there was something new last in chats, and how many the caller has not read.
 * Kept by head: in memory, and of large pages what is unread, and when there was something new, also
 * in the store, so that a list costs a fold for each chat at most.
 */
export class ChatDigests {
  readonly #store: DigestStore
  readonly #folds: PageFolds
  readonly #kept = new Lru<string, PageDigest>(KEPT)

  constructor(store: DigestStore, folds: PageFolds) {
    this.#store = store
    this.#folds = folds
  }

  /** In the order of the callers. Rejects with `StoreError`. */
  async of(who: UserId, callers: readonly InChat[]): Promise<readonly ChatDigest[]> {
    const scopes = callers.map(({ chat }) => `chat/${chat.id}`)
    const heads = await this.#store.changedSince(scopes, 0)
    const months = new Map<string, { month: Month; head: number }[]>()
    for (const { doc, head } of heads) {
      const ref = parseDocName(doc)
      if (ref?.kind !== 'page') continue
      const list = months.get(ref.chat) ?? []
      months.set(ref.chat, list)
      list.push({ month: ref.month, head })
    }
    const notes = await this.#notes(callers, months)
    const news: RecordWrite[] = []
    const digests: ChatDigest[] = []
    for (const caller of callers)
      digests.push(await this.#chat(who, caller, months.get(caller.chat.id) ?? [], notes, news))
    if (news.length > 0) await this.#store.commit({ records: news })
    return digests
  }

  async #notes(
    callers: readonly InChat[],
    months: ReadonlyMap<string, readonly { month: Month }[]>,
  ): Promise<ReadonlyMap<string, PageNote>> {
    const keys = callers.flatMap(({ chat, index }) =>
      (months.get(chat.id) ?? []).map(({ month }) => noteKey(pageDoc(chat.id, month), index)),
    )
    const found = await this.#store.getRecords(keys)
    const notes = new Map<string, PageNote>()
    for (const [key, { value }] of found) {
      // One that another version wrote is written anew.
      const { data } = noteSchema.safeParse(value)
      if (data !== undefined) notes.set(key, data)
    }
    return notes
  }

  async #chat(
    who: UserId,
    caller: InChat,
    pages: readonly { month: Month; head: number }[],
    notes: ReadonlyMap<string, PageNote>,
    news: RecordWrite[],
  ): Promise<ChatDigest> {
    let latest: PageDigest['last'] = null
    let unreadCount = 0
    const newestFirst = [...pages].sort((a, b) => (a.month < b.month ? 1 : -1))
    for (const { month, head } of newestFirst) {
      const doc = pageDoc(caller.chat.id, month)
      const key = noteKey(doc, caller.index)
      const note = notes.get(key)
      // Of a page in which nothing came later only the number is told.
      if (note?.head === head && isBefore(note.latest, latest)) {
        unreadCount += note.unread
        continue
      }
      const digest = await this.#page(who, caller, doc, month, head)
      if (note?.head !== digest.head && (await this.#store.extent(doc)).bytes > WORTH_NOTING) {
        const { last, unreadCount: unread } = digest
        news.push({ key, value: { head: digest.head, unread, latest: last?.activity ?? null } })
      }
      if (digest.last !== null && !isBefore(digest.last.activity, latest)) latest = digest.last
      unreadCount += digest.unreadCount
    }
    return { lastMessage: latest?.json ?? null, unreadCount }
  }

  async #page(
    who: UserId,
    caller: InChat,
    doc: DocName,
    month: Month,
    head: number,
  ): Promise<PageDigest> {
    // Who is in the chat decides what counts as delivered to all.
    const members = caller.chat.members.map(({ index, since }) => `${index}.${since}`).join()
    const key = `${doc} ${caller.index} ${members}`
    const known = this.#kept.get(key)
    if (known?.head === head) return known
    await new Promise(setImmediate) // let sockets be served between two folds
    const { chat, index } = caller
    const found = await this.#folds.ask(who, doc, 'digest', { caller: { chat, index }, month })
    const digest = { head, ...found }
    this.#kept.set(key, digest)
    return digest
  }
}

/** Whether nothing that is new came to a page after what is known: of newer months the newer counts. */
const isBefore = (at: number | null, latest: AnswerTo<'digest'>['last']): boolean =>
  at === null || (latest !== null && at <= latest.activity)
