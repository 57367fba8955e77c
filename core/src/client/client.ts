/**
 * A device of one person: their chats from the device's own database, kept in step with the
 * server whenever there is one. Everything here works without a network. It runs in a browser
 * tab as well as in a program; what differs comes in through the ports.
 */
import { type ChatId, pageDoc, userDoc } from '../base/ids.ts'
import type { ChatPrefs } from '../chat/prefs.ts'
import { assemble, type Parts } from './assemble.ts'
import type { Conversation } from './conversation/conversation.ts'
import { MessageError } from './conversation/messages.ts'
import { unsentTexts } from './conversation/unsent.ts'
import type { FileCache } from './files/file-cache.ts'
import type { NewFile } from './files/upload-queue.ts'
import { lead } from './lead.ts'
import { afterEdit, afterFiles, afterMessage, type ComposerDraft } from './model/composer-draft.ts'
import { messageKey, readOutgoingKey } from './model/message-key.ts'
import type { UnsentText } from './model/unsent-text.ts'
import type { MessageInfo, Person, ShellView } from './model/views.ts'
import { hearTabs } from './on-tab-message.ts'
import type { Ports } from './ports.ts'
import type { SearchOptions, SearchResults } from './search/results.ts'
import type { LocalState } from './store/local-store.ts'

export type ClientOptions = Ports

/** The draft that a message comes from. */
export interface SentFrom {
  /** As it stands in the composer; without it the one that this tab shows. */
  draft?: ComposerDraft | undefined
  /** What stays of it; without it nothing of its words. */
  rest?: (draft: ComposerDraft) => ComposerDraft
}

export class Client {
  readonly #parts: Parts
  #closed = false

  /**
   * Starts from what the device has; no network is needed.
   * @param read what the store has, for who has read that already, and written nothing since
   * @throws LocalStoreError when the database cannot be read
   * @throws Error when nobody has signed in on this device
   */
  static async start(options: ClientOptions, read?: LocalState): Promise<Client> {
    const state = read ?? (await options.store.load())
    const { me, device } = state.meta
    if (me === null || device === null) throw new Error('Nobody has signed in on this device.')
    const client = new Client(assemble(options, { me, device }, state.meta))
    await client.#open(state)
    return client
  }

  private constructor(parts: Parts) {
    this.#parts = parts
  }

  async #open(state: LocalState): Promise<void> {
    const { ports, identity, stored, outbox, drafts, sysDocs, pageIndex, outgoing, memberships } =
      this.#parts
    for (const row of state.outbox) outbox.add(row)
    for (const { doc, lost, lastRow } of state.docs) {
      outbox.doubt(doc, lost)
      if (lastRow > 0) stored.add(doc)
    }
    for (const { chat, draft } of state.drafts) drafts.load(chat, draft)
    await Promise.all([sysDocs.open(userDoc(identity.me.id)), outgoing.load()])
    pageIndex.load(state.docs, state.summaries)
    const waiting = outgoing.messages.map(({ chat }) => chat)
    memberships.recall([...pageIndex.chats(), ...drafts.chats(), ...waiting])
    hearTabs(this.#parts)
    ports.bus.lead(() => {
      if (!this.#closed) void lead(this.#parts)
    })
    void pageIndex.deriveMissing()
  }

  // Reading

  get me(): Person {
    return this.#parts.identity.me
  }

  /** Files of messages, from this device or from the server. */
  get files(): FileCache {
    return this.#parts.files
  }

  /** Calls back after changes of `shell()` or of an open conversation's view. */
  subscribe(listener: () => void): () => void {
    return this.#parts.emitter.subscribe(listener)
  }

  /** Resolves when those who subscribed have been told of all changes so far. */
  told(): Promise<void> {
    return this.#parts.emitter.told()
  }

  /** Everything outside a conversation; the same object until something changes. */
  shell(): ShellView {
    return this.#parts.shell.view()
  }

  /** Opens a chat for the screen. Close it when it leaves the screen. Undefined: no such chat. */
  async openConversation(id: ChatId): Promise<Conversation | undefined> {
    const { chats, people, screen } = this.#parts
    const chat = chats.get(id) ?? chats.beginNamed(id, people.all())
    return chat && screen.open(id, () => chats.get(id) ?? chat)
  }

  /**
   * Looks for chats by name, and for messages on this device, by words: all of them, the last one
   * also as the beginning of a word. Case and accents do not matter. What it finds may be different
   * after any change that `subscribe` tells of.
   */
  search(query: string, options: SearchOptions = {}): Promise<SearchResults> {
    return this.#parts.searches.search(query, options)
  }

  /** People from the last look into the directory. */
  people(): readonly Person[] {
    return this.#parts.people.all()
  }

  /** Texts of a message before its edits, oldest first. */
  history(id: ChatId, key: string): Promise<readonly string[]> {
    return this.#parts.details.history(id, key)
  }

  /** When a message reached each of those it was written for. */
  info(id: ChatId, key: string): Promise<readonly MessageInfo[]> {
    return this.#parts.details.receipts(id, key)
  }

  /** What the person wrote on this device that the server does not have. */
  unsent(): Promise<readonly UnsentText[]> {
    return unsentTexts(this.#parts)
  }

  // Writing

  /**
   * Writes a message, which may answer another one, and ends the draft that it comes from. Resolves
   * once both are stored on this device; a draft that several tabs show is sent once.
   * @throws LocalStoreError when the device could not store it
   * @throws MessageError when the person is no longer in the chat
   * @throws TextError when a message cannot hold the text
   */
  async send(id: ChatId, text: string, replyTo?: string, from: SentFrom = {}): Promise<void> {
    const { messages, memberships, syncLink, drafts } = this.#parts
    memberships.expectMember(id)
    const { draft, rest = afterMessage } = from
    await drafts.finish(id, { draft, text, rest }, (settled) =>
      messages.send(id, { text }, replyTo, settled),
    )
    syncLink.typing(id, false)
  }

  /**
   * Writes a message with files. Resolves once all of it is stored on this device; it is sent when
   * the server has the files.
   * @param from where the words of the composer went into a file, they end with it
   * @throws LocalStoreError when the device could not store it
   * @throws MessageError when the person is no longer in the chat
   * @throws TextError when a message cannot hold the text
   */
  async sendFiles(
    id: ChatId,
    text: string,
    files: readonly NewFile[],
    replyTo?: string,
    from?: SentFrom & { text: string },
  ): Promise<void> {
    const { outgoing, memberships, syncLink, drafts } = this.#parts
    memberships.expectMember(id)
    const rest = from ? afterMessage : (draft: ComposerDraft) => afterFiles(draft, replyTo)
    await drafts.finish(id, { rest, ...from }, ({ draft }) =>
      outgoing.add(id, text, files, replyTo ?? null, draft),
    )
    syncLink.typing(id, false)
  }

  /**
   * Puts another text in the place of one's own message.
   * @throws MessageError when it is not one's own, or taken back
   * @throws TextError when a message cannot hold the text
   */
  async edit(id: ChatId, key: string, text: string): Promise<void> {
    const { messages, memberships, drafts } = this.#parts
    memberships.expectMember(id)
    await drafts.finish(
      id,
      { draft: drafts.editing(id, key), rest: (draft) => afterEdit(draft, key) },
      (settled) => messages.edit(id, key, text, settled),
    )
  }

  /**
   * Takes one's own message back; one that was refused, or is on its way, just goes.
   * @throws MessageError when it is not one's own
   */
  async retract(id: ChatId, key: string): Promise<void> {
    const { outgoing, refused, details, messages, memberships } = this.#parts
    const waiting = readOutgoingKey(key)
    if (waiting !== undefined) return outgoing.cancel(waiting)
    const { attachments = [] } = await details.content(id, key)
    if (await refused.take(id, key, async () => {})) return
    memberships.expectMember(id)
    await messages.retract(id, key)
    await outgoing.release(id, attachments)
  }

  /** Reacts to a message with an emoji; '' takes the reaction back. */
  async react(id: ChatId, key: string, emoji: string): Promise<void> {
    this.#parts.memberships.expectMember(id)
    await this.#parts.messages.react(id, key, emoji)
  }

  /** Sends a message that was refused once more, as a new one. */
  async sendAgain(id: ChatId, key: string): Promise<void> {
    const { outgoing, refused, messages, memberships } = this.#parts
    memberships.expectMember(id)
    const waiting = readOutgoingKey(key)
    if (waiting !== undefined) return outgoing.retry(waiting)
    const sent = await refused.take(id, key, ({ body }) => messages.sendBodies(id, [body]))
    if (!sent) throw new MessageError('gone', 'There is no such message.')
  }

  /** Notes that these messages of others were visible, on a focused screen, to the person. */
  async markRead(id: ChatId, keys: readonly string[]): Promise<void> {
    await this.#parts.messages.markRead(id, keys)
    await this.#parts.settings.unmark(id)
  }

  /** Notes that the chat is on a screen that somebody looks at. */
  opened(id: ChatId): void {
    this.#parts.openings.note(id)
  }

  /** Notes that all there is of others in a chat was read, as the person says. */
  async markAllRead(id: ChatId): Promise<void> {
    const { pageIndex, pages, messages, settings } = this.#parts
    for (const month of pageIndex.months(id)) {
      const { page, me } = await pages.open(pageDoc(id, month))
      const keys = page.unreadFor(me).map(({ writer, n }) => messageKey({ month, writer, n }))
      if (keys.length > 0) await messages.markRead(id, keys)
    }
    await settings.unmark(id)
  }

  /** Changes how the person keeps a chat; all their devices follow. */
  setChatPrefs(id: ChatId, prefs: Partial<ChatPrefs>): Promise<void> {
    return this.#parts.settings.set(id, prefs)
  }

  /** Puts a chat out of the way until somebody else writes, or takes it back. */
  archive(id: ChatId, archived: boolean): Promise<void> {
    const { settings, pageIndex } = this.#parts
    return settings.archive(id, archived, pageIndex.digest(id))
  }

  setTyping(id: ChatId, typing: boolean): void {
    this.#parts.syncLink.typing(id, typing)
  }

  /**
   * Keeps what is in the composer of a chat. Resolves once it is stored on this device.
   * @throws LocalStoreError when it could not be; the shell says so as well
   */
  async setDraft(chat: ChatId, draft: ComposerDraft): Promise<void> {
    const { drafts, storageFailed } = this.#parts
    try {
      await drafts.set(chat, draft)
    } catch (error) {
      storageFailed(error)
      throw error
    }
  }

  /** The chat with somebody, new or not. Undefined when the roles allow none. */
  startChat(other: Person): ChatId | undefined {
    const id = this.#parts.chats.begin(other)
    this.#parts.changed()
    return id
  }

  /** Keeps people found in the directory, for starting a chat offline. */
  rememberPeople(people: readonly Person[]): Promise<void> {
    this.#parts.memberships.learn(people)
    return this.#parts.people.remember(people)
  }

  // The connection

  /** The device woke up, or the person asks to try again now. */
  wake(): void {
    this.#parts.syncLink.wake()
  }

  /** Whether the page is on screen: somebody may believe what it says about the connection. */
  attend(attended: boolean): void {
    this.#parts.syncLink.attend(attended)
  }

  /** The device says that it has a network now, or none. It is believed after a look. */
  network(there: boolean): void {
    this.#parts.syncLink.network(there)
  }

  /** A session is there again. */
  signedIn(): void {
    this.#parts.syncLink.signedIn()
    this.#parts.openings.signedIn()
  }

  /** When all that has been asked for so far is done. */
  async idle(): Promise<void> {
    const { syncLink, pages, pageIndex, screen, fileGiver } = this.#parts
    await syncLink.idle()
    await pages.idle()
    await pageIndex.idle()
    await screen.idle()
    await fileGiver.idle()
  }

  /** Lets go of the socket and the other tabs. What is stored stays. */
  close(): void {
    const { ports, syncLink, outgoing, pageIndex, searches, rounds, fileGiver, fileReturns } =
      this.#parts
    const { emitter } = this.#parts
    this.#closed = true
    syncLink.stop()
    outgoing.stop()
    fileGiver.stop()
    pageIndex.stop()
    rounds.stop()
    this.#parts.openings.stop()
    fileReturns.stop()
    searches.stop()
    ports.bus.close()
    emitter.close()
  }
}
