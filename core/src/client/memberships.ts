/**
 * Which chats the person has and who is in them, as the server writes it into its documents, and
 * what follows from it for the pages, the outbox and the screen.
 */
import {
  type ChatId,
  chatDoc,
  type DocName,
  directPair,
  parseDocName,
  type UserId,
  userDoc,
} from '../base/ids.ts'
import type { ChatRegistry } from './chats/chat-registry.ts'
import type { OutboxIndex } from './chats/outbox-index.ts'
import type { PageIndex } from './chats/page-index.ts'
import type { People } from './chats/people.ts'
import { MessageError } from './conversation/messages.ts'
import type { SysDocs } from './documents/sys-docs.ts'
import type { Person } from './model/views.ts'
import type { SyncLink } from './sync/sync-link.ts'

export interface MembershipsOptions {
  me: UserId
  chats: ChatRegistry
  people: People
  sysDocs: SysDocs
  pageIndex: PageIndex
  outbox: OutboxIndex
  syncLink: SyncLink
  /** Something of the document's chat is different. */
  changed(doc: DocName): void
  /** Deletes what this device has of a chat. Rejects when it cannot be stored. */
  purge(chat: ChatId): Promise<void>
  storageFailed(error: unknown): void
}

export class Memberships {
  /** Chats of which this run has seen to it that nothing is here. */
  readonly #purged = new Set<ChatId>()
  readonly #options: MembershipsOptions

  constructor(options: MembershipsOptions) {
    this.#options = options
  }

  /** One of the documents in which the server writes has changed. */
  read(doc: DocName): void {
    const { me, chats, sysDocs, syncLink, changed } = this.#options
    const ref = parseDocName(doc)
    const entries = sysDocs.entries(doc)
    if (doc === userDoc(me)) {
      const others = chats.readUserDoc(entries)
      this.#followPeople()
      syncLink.want()
      this.#membersChanged(others)
    } else if (ref?.kind === 'chat' && chats.readChatDoc(ref.chat, entries))
      this.#membersChanged([ref.chat])
    changed(doc)
  }

  /** There is something of these chats on the device; the server may not have heard of them. */
  recall(ids: Iterable<ChatId>): void {
    const { chats, people } = this.#options
    for (const id of ids) chats.recall(id, people.all())
  }

  /** The directory says something of people: their birth dates may be news to chats with them. */
  learn(people: readonly Person[]): void {
    for (const id of this.#options.chats.learn(people)) this.#options.changed(chatDoc(id))
  }

  /** Nothing of what the person wrote in a chat that they are out of will be sent. */
  setAside(): void {
    const { chats, outbox, syncLink } = this.#options
    for (const doc of outbox.docs()) {
      const ref = parseDocName(doc)
      if (ref?.kind === 'page' && chats.get(ref.chat)?.left) syncLink.setAside(doc)
    }
  }

  /** @throws MessageError when the person is out of the chat */
  expectMember(id: ChatId): void {
    if (this.#options.chats.get(id)?.left === true)
      throw new MessageError('not-member', 'You are no longer a member of this chat.')
  }

  /** What is said of people here goes for those whom the device has heard of, too. */
  #followPeople(): void {
    const { me, chats, people, storageFailed } = this.#options
    const members: Person[] = []
    const erased = new Set<UserId>()
    for (const chat of chats.all()) {
      const pair = chat.erased === true ? directPair(chat.id) : undefined
      if (pair !== undefined) erased.add(pair.patient === me ? pair.doctor : pair.patient)
      if (chat.erased === true) this.#purge(chat.id)
      else members.push(...chat.members)
    }
    people.follow(members).catch(storageFailed)
    if (erased.size > 0) people.forget(erased).catch(storageFailed)
  }

  /** Nothing of a chat that was erased stays on this device. */
  #purge(chat: ChatId): void {
    if (this.#purged.has(chat)) return
    this.#purged.add(chat)
    this.#options.purge(chat).catch((error: unknown) => {
      this.#purged.delete(chat)
      this.#options.storageFailed(error)
    })
  }

  #membersChanged(ids: readonly ChatId[]): void {
    const { pageIndex, changed, storageFailed } = this.#options
    for (const id of ids) {
      void pageIndex.membersChanged(id).catch(storageFailed)
      changed(chatDoc(id))
    }
    this.setAside()
  }
}
