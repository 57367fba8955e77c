/** The chats that are on screen in this tab. */
import { type ChatId, type DocName, parseDocName } from '../../base/ids.ts'
import type { Chat } from '../chats/chat-registry.ts'
import type { OutboxIndex } from '../chats/outbox-index.ts'
import type { PageIndex } from '../chats/page-index.ts'
import { Conversation } from '../conversation/conversation.ts'
import type { Pages } from '../documents/pages.ts'
import type { SysDocs } from '../documents/sys-docs.ts'
import { OutgoingViews } from '../files/outgoing-views.ts'
import type { UploadQueue } from '../files/upload-queue.ts'
import type { ChatList } from './chat-list.ts'

export interface ScreenOptions {
  pages: Pages
  sysDocs: SysDocs
  pageIndex: PageIndex
  outbox: OutboxIndex
  outgoing: UploadQueue
  list: ChatList
  /** Whether the server has something of the document damaged. */
  isRestoring(doc: DocName): boolean
  /** These documents are on screen now. */
  shows(docs: readonly DocName[]): void
  changed(): void
  storageFailed(error: unknown): void
}

export class Screen {
  readonly #options: ScreenOptions
  readonly #conversations = new Set<Conversation>()

  constructor(options: ScreenOptions) {
    this.#options = options
  }

  /** `chat`: as it is now, each time. */
  async open(id: ChatId, chat: () => Chat): Promise<Conversation> {
    const { pages, sysDocs, pageIndex, outbox, outgoing, list, changed } = this.#options
    const outgoingViews = new OutgoingViews()
    const conversation = new Conversation({
      chat,
      pages,
      sysDocs,
      outbox,
      months: () => pageIndex.monthsToShow(id),
      refused: (doc) => pageIndex.refused(doc),
      outgoing: (of) =>
        outgoingViews.of(of, outgoing.of(id), (message) => outgoing.transferOf(message)),
      isBehind: (doc) => pageIndex.isBehind(doc),
      isRestoring: this.#options.isRestoring,
      unreadIn: (month) => pageIndex.unreadIn(id, month),
      summary: () => list.of(chat()),
      shows: () => this.#shows(),
      changed,
      closed: (closed) => {
        this.#conversations.delete(closed)
        this.#shows()
      },
    })
    this.#conversations.add(conversation)
    await conversation.open()
    return conversation
  }

  docs(): readonly DocName[] {
    return [...this.#conversations].flatMap((conversation) => conversation.docs())
  }

  /** Something of a document, or about it, is different. */
  update(doc: DocName): void {
    const ref = parseDocName(doc)
    if (ref === undefined || ref.kind === 'user') return
    for (const conversation of this.#conversations)
      if (conversation.chat === ref.chat)
        void conversation.update().catch(this.#options.storageFailed)
  }

  /** When the views show all there is. */
  async idle(): Promise<void> {
    for (const conversation of this.#conversations) await conversation.update()
  }

  #shows(): void {
    const docs = this.docs()
    this.#options.pages.pin(docs)
    this.#options.shows(docs)
  }
}
