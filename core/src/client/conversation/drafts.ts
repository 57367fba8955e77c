/** What stands in the composers of the chats, in all tabs of the device and after a restart. */
import type { ChatId } from '../../base/ids.ts'
import type { Settled } from '../documents/pages.ts'
import {
  type ComposerDraft,
  draftId,
  isEmptyDraft,
  isSameDraft,
  noDraft,
} from '../model/composer-draft.ts'
import {
  type DraftBook,
  type DraftUse,
  emptyBook,
  isSent,
  printOf,
  putDraft,
  type SentDraft,
  shownDraft,
  useDraft,
} from '../model/draft-book.ts'
import type { RandomBytes } from '../model/ports.ts'
import { AlreadySentError, type LocalStore } from '../store/local-store.ts'
import type { TabBus } from '../sync/tab-bus.ts'

export interface DraftsOptions {
  store: Pick<LocalStore, 'putDraft'>
  bus: TabBus
  random: RandomBytes
  changed(chat: ChatId): void
}

/** What becomes of a draft when something of it is stored. */
export interface Finish {
  /** The draft that it is of; without it the one that this tab shows. */
  readonly draft?: ComposerDraft | undefined
  /** Of a message: it is sent once, however many tabs show its draft. */
  readonly text?: string
  /** What is left; the same object when nothing was of it. */
  rest(draft: ComposerDraft): ComposerDraft
}

export class Drafts {
  readonly #options: DraftsOptions
  readonly #books = new Map<ChatId, DraftBook>()
  /** What this tab's composers hold, as it was last saved. */
  readonly #own = new Map<ChatId, ComposerDraft>()
  /** New names of drafts that another tab wrote something else into. */
  readonly #renamed = new Map<string, string>()
  /** Could not be saved the last time. */
  readonly #unsaved = new Set<string>()

  constructor(options: DraftsOptions) {
    this.#options = options
  }

  /** Takes in what the device kept. */
  load(chat: ChatId, draft: ComposerDraft): void {
    this.#change(chat, putDraft(this.#book(chat), draft))
  }

  /**
   * Takes in what another tab says. If that is written over what this tab holds under the same
   * name, this tab's gets another name and is saved again: both stay.
   */
  async heard(chat: ChatId, draft: ComposerDraft): Promise<void> {
    const own = this.#own.get(chat)
    this.load(chat, draft)
    if (own === undefined || own.id === '' || own.id !== draft.id || isEmptyDraft(own)) return
    if (isSameDraft(own, draft)) return
    const id = draftId(this.#options.random)
    this.#renamed.set(own.id, id)
    await this.#save(chat, { ...own, id })
  }

  /** Another tab has done something of a draft. */
  heardUse(use: DraftUse): void {
    this.#change(use.chat, useDraft(this.#book(use.chat), use))
  }

  of(chat: ChatId): ComposerDraft {
    return shownDraft(this.#book(chat)) ?? noDraft
  }

  /** All of a chat, the last written to last. */
  all(chat: ChatId): readonly ComposerDraft[] {
    return this.#book(chat).drafts
  }

  /** The draft in which this message of the person's own is being changed. */
  editing(chat: ChatId, key: string): ComposerDraft | undefined {
    const own = this.#own.get(chat)
    if (own?.edit?.key === key) return own
    return this.#book(chat).drafts.findLast(({ edit }) => edit?.key === key)
  }

  /** What went out of the chat's drafts lately. The same list until there is more. */
  sent(chat: ChatId): readonly SentDraft[] {
    return this.#book(chat).sent
  }

  /** Chats that have one. */
  *chats(): Iterable<ChatId> {
    for (const [chat, { drafts }] of this.#books) if (drafts.length > 0) yield chat
  }

  /**
   * Resolves once it is stored on this device.
   * @throws LocalStoreError when it could not be
   */
  async set(chat: ChatId, draft: ComposerDraft): Promise<void> {
    const named = this.#named(chat, draft)
    const there = this.#book(chat).drafts.find(({ id }) => id === named.id)
    if (isSameDraft(there ?? noDraft, named) && !this.#unsaved.has(named.id)) return
    await this.#save(chat, named)
  }

  /**
   * Writes what came out of a composer. `write` stores what is left of the draft in the transaction
   * of the entry: whatever happens in between, one of the two is there, and not both. Does nothing
   * for a message that another tab has sent from the same draft.
   */
  async finish(
    chat: ChatId,
    { draft, text, rest }: Finish,
    write: (settled: Settled) => Promise<void>,
  ): Promise<void> {
    const from = this.#named(chat, draft ?? this.#own.get(chat) ?? this.of(chat))
    const book = this.#book(chat)
    const print = text === undefined ? undefined : printOf(text)
    if (isSent(book, from, print)) return this.#disown(chat, from)
    const known = book.drafts.find(({ id }) => id === from.id)
    const left = rest(known ?? { ...noDraft, id: from.id })
    // What was never saved no other tab can have.
    if (known === undefined && isEmptyDraft(left)) return await write({})
    if (left === known) return await write({})
    const use: DraftUse = {
      chat,
      draft: print === undefined || left.id !== from.id ? left : this.#renew(left),
      from: { known: known ?? from, ...(print !== undefined && { print }) },
    }
    try {
      await write({ draft: use })
    } catch (error) {
      if (!(error instanceof AlreadySentError)) throw error
    }
    this.#disown(chat, from)
    this.#change(chat, useDraft(this.#book(chat), use))
    this.#options.bus.post({ type: 'draft-used', use })
  }

  async #save(chat: ChatId, draft: ComposerDraft): Promise<void> {
    const { store, bus } = this.#options
    if (isEmptyDraft(draft)) this.#own.delete(chat)
    else this.#own.set(chat, draft)
    this.#change(chat, putDraft(this.#book(chat), draft))
    this.#unsaved.add(draft.id)
    await store.putDraft({ chat, draft })
    this.#unsaved.delete(draft.id)
    bus.post({ type: 'draft', chat, draft })
  }

  /** With the name that it has here: what says none is what this tab shows. */
  #named(chat: ChatId, draft: ComposerDraft): ComposerDraft {
    if (draft.id !== '') {
      const id = this.#renamed.get(draft.id)
      return id === undefined ? draft : { ...draft, id }
    }
    const { id } = this.#own.get(chat) ?? this.of(chat)
    if (id !== '') return { ...draft, id }
    return isEmptyDraft(draft) ? draft : { ...draft, id: draftId(this.#options.random) }
  }

  #disown(chat: ChatId, { id }: ComposerDraft): void {
    if (this.#own.get(chat)?.id === id) this.#own.delete(chat)
  }

  /** What stays of a message's draft is another piece of writing. */
  #renew(draft: ComposerDraft): ComposerDraft {
    return isEmptyDraft(draft) ? noDraft : { ...draft, id: draftId(this.#options.random) }
  }

  #book(chat: ChatId): DraftBook {
    return this.#books.get(chat) ?? emptyBook
  }

  #change(chat: ChatId, book: DraftBook | undefined): void {
    if (book === undefined) return
    this.#books.set(chat, book)
    this.#options.changed(chat)
  }
}
