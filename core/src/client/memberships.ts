/**
 * Which chats the person has and who is in them, as the server writes it into its documents, and
 * what follows from it for the pages, the outbox and the screen.
 */
import {
  type ChatId,
  chatDoc,
  type DocName,
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
  storageFailed(error: unknown): void
}

export class Memberships {
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

  #membersChanged(ids: readonly ChatId[]): void {
    const { pageIndex, changed, storageFailed } = this.#options
    for (const id of ids) {
      void pageIndex.membersChanged(id).catch(storageFailed)
      changed(chatDoc(id))
    }
    this.setAside()
  }
}
