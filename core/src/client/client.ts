/**
 * A device of one person: their chats from the device's own database, kept in step with the
 * server whenever there is one. Everything here works without a network. It runs in a browser
 * tab as well as in a program; what differs comes in through the ports.
 */
import { type Content, openBody } from '../chat/body.ts'
import { HybridClock } from '../chat/hybrid-clock.ts'
import type { Message } from '../chat/page.ts'
import { type MemberIndex, type Writer, writerFrom } from '../ids/client-id.ts'
import {
  type ChatId,
  chatDoc,
  type DeviceId,
  type DocName,
  pageDoc,
  parseDocName,
  type UserId,
  userDoc,
} from '../ids/ids.ts'
import type { PersonPresence } from '../protocol/frames.ts'
import { type Chat, ChatBook } from './chat-book.ts'
import { Conversation } from './conversation.ts'
import { FileCabinet } from './file-cabinet.ts'
import type { FileTransfer } from './file-transfer.ts'
import { Leader } from './leader.ts'
import { type LocalStore, LocalStoreError, type Meta, type RefusedMessage } from './local-store.ts'
import { messageKey, REFUSED_WRITER, readMessageKey, readOutgoingKey } from './message-key.ts'
import { recipientsOf } from './message-views.ts'
import { MessageError, Messages } from './messages.ts'
import { OutboxBook } from './outbox-book.ts'
import { type NewFile, OutgoingDesk } from './outgoing-desk.ts'
import { type FileDeletion, filesOf, type OutgoingMessage } from './outgoing-store.ts'
import { OutgoingViews } from './outgoing-views.ts'
import { PageShelf } from './page-shelf.ts'
import { type OpenPage, Pages } from './pages.ts'
import type { Dial, GetToken, RandomBytes, Timers } from './ports.ts'
import { type ChatPrefs, prefKey, readChatPrefs } from './prefs.ts'
import { filterChats } from './search/filter-chats.ts'
import { IndexKeeper } from './search/index-keeper.ts'
import { enoughFor, ranked } from './search/rank.ts'
import { readPage } from './search/read-page.ts'
import { nothingFound, type SearchOptions, type SearchResults } from './search/results.ts'
import { queryWords } from './search/words.ts'
import { summarise } from './summaries.ts'
import { SysDocs } from './sys-docs.ts'
import type { TabBus, TabMessage } from './tab-bus.ts'
import { TypingSignal, Typists } from './typing.ts'
import type { ChatSummary, ConnectionView, MessageInfo, Person, ShellView } from './views.ts'

export interface ClientOptions {
  store: LocalStore
  bus: TabBus
  dial: Dial
  getToken: GetToken
  timers: Timers
  random: RandomBytes
  /** How files get to the server; without it there are none. */
  files?: FileTransfer
}

export class Client {
  readonly #options: ClientOptions
  readonly #me: Person
  readonly #device: DeviceId
  readonly #writer: Writer
  readonly #clock: HybridClock
  readonly #pages: Pages
  readonly #messages: Messages
  readonly #sysDocs: SysDocs
  readonly #chats: ChatBook
  readonly #shelf: PageShelf
  readonly #search: IndexKeeper
  readonly #outbox = new OutboxBook()
  readonly #outgoing: OutgoingDesk
  readonly files: FileCabinet
  readonly #typists: Typists
  readonly #typing: TypingSignal
  readonly #drafts = new Map<ChatId, string>()
  readonly #presence = new Map<UserId, PersonPresence>()
  readonly #conversations = new Set<Conversation>()
  readonly #listeners = new Set<() => void>()
  /** What other tabs have on screen, by tab. */
  readonly #wantedByTabs = new Map<string, readonly DocName[]>()
  #people: readonly Person[]
  #leader: Leader | undefined
  /** What the leading tab says, while this one does not lead. */
  #ledBy: ConnectionView = { phase: 'offline' }
  readonly #ledTypists = new Map<ChatId, readonly string[]>()
  #summaries = new Map<ChatId, ChatSummary>()
  #shell: ShellView | undefined
  /** Asked for once for all chats: to know it, every document is looked at. */
  #connected: boolean | undefined
  #storageProblem: string | null = null
  #notifying = false
  #closed = false
  /** Whether the leading tab, when it is this one, was connected when it last looked. */
  #reached = false

  /**
   * Starts from what the device has; no network is needed.
   * @throws LocalStoreError when the database cannot be read
   * @throws Error when nobody has signed in on this device
   */
  static async start(options: ClientOptions): Promise<Client> {
    const state = await options.store.load()
    const { me, device } = state.meta
    if (me === null || device === null) throw new Error('Nobody has signed in on this device.')
    const client = new Client(options, me, device, state.meta)
    for (const row of state.outbox) client.#outbox.add(row)
    for (const { chat, text } of state.drafts) client.#drafts.set(chat, text)
    await client.#sysDocs.open(userDoc(me.id))
    client.#shelf.load(state.docs, state.summaries)
    await client.#outgoing.load()
    const waiting = client.#outgoing.messages.map(({ chat }) => chat)
    client.#recall([...client.#shelf.chats(), ...client.#drafts.keys(), ...waiting])
    options.bus.onMessage((message, from) => client.#onTab(message, from))
    options.bus.post({ type: 'hello' })
    options.bus.lead(() => void client.#lead())
    void client.#shelf.deriveMissing()
    return client
  }

  private constructor(options: ClientOptions, me: Person, device: DeviceId, meta: Meta) {
    const { store, timers, random, bus } = options
    this.#options = options
    this.#me = me
    this.#device = device
    this.#writer = writerFrom(random(5))
    this.#people = meta.people
    this.#clock = new HybridClock(timers.now, meta.clockFloor)
    this.#clock.restoreOffset(meta.clockOffset)
    this.#chats = new ChatBook(me)
    this.#sysDocs = new SysDocs({
      store,
      random,
      changed: (doc) => this.#sysChanged(doc),
      wrote: (doc, row) => {
        this.#leader?.wrote(doc, row)
        bus.post({ type: 'rows', doc })
      },
    })
    this.#pages = new Pages({
      store,
      clock: this.#clock,
      random,
      device,
      writer: this.#writer,
      indexIn: (doc) => this.#chats.indexIn(doc),
      changed: (open) => {
        this.#clock.observe(open.page.newestAt)
        this.#search.touched(open.doc)
        void this.#shelf.derive(open).catch((error: unknown) => this.#storageFailed(error))
        this.#updateConversations(open.doc)
      },
      wrote: (doc, row, entries) => {
        this.#outbox.add({ doc, no: row.no, entries })
        this.#leader?.wrote(doc, row)
        bus.post({ type: 'rows', doc })
        this.#changed()
      },
      incomplete: (doc) => this.#leader?.refetch(doc),
      erased: (doc) => {
        const ref = parseDocName(doc)
        if (ref?.kind === 'page')
          void this.#dropFiles(ref.chat).catch((error: unknown) => this.#storageFailed(error))
      },
    })
    this.#messages = new Messages(this.#pages, this.#clock)
    this.files = new FileCabinet(store, options.files, timers)
    this.#outgoing = new OutgoingDesk({
      store,
      transfer: options.files,
      timers,
      random,
      send: (message) => this.#sendOutgoing(message),
      refersTo: (deletion) => this.#refersTo(deletion),
      changed: (chat) => this.#updateConversations(chatDoc(chat)),
      tell: (message) => bus.post(message),
      storageFailed: (error) => this.#storageFailed(error),
    })
    this.#shelf = new PageShelf({
      store,
      timers,
      pages: this.#pages,
      recipientsOf: (doc, message) => this.#recipientsOf(doc, message),
      changed: () => this.#changed(),
    })
    this.#search = new IndexKeeper({
      store,
      timers,
      pages: () => this.#shelf.pages(),
      read: (doc) => readPage(store, this.#pages, doc),
      changed: () => this.#changed(),
    })
    this.#typists = new Typists(timers, (chat) => {
      bus.post({ type: 'typists', chat, users: this.#typists.in(chat) })
      this.#changed()
    })
    this.#typing = new TypingSignal(timers, this.#writer, (chat, update) =>
      this.#leader?.sendAwareness(chatDoc(chat), update),
    )
  }

  // Reading

  get me(): Person {
    return this.#me
  }

  /** Calls back after changes of `shell()` or of an open conversation's view. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Everything outside a conversation; the same object until something changes. */
  shell(): ShellView {
    this.#shell ??= {
      me: this.#me,
      connection: this.#connection(),
      waiting: this.#outbox.size + this.#outgoing.messages.length,
      chats: this.#listed(),
      storageProblem: this.#storageProblem,
      online: this.#online(),
    }
    return this.#shell
  }

  /** Opens a chat for the screen. Close it when it leaves the screen. Undefined: no such chat. */
  async openConversation(id: ChatId): Promise<Conversation | undefined> {
    const chat = this.#chats.get(id) ?? this.#chats.beginNamed(id, this.#people)
    if (chat === undefined) return undefined
    const outgoingViews = new OutgoingViews()
    const conversation = new Conversation({
      chat: () => this.#chats.get(id) ?? chat,
      pages: this.#pages,
      sysDocs: this.#sysDocs,
      outbox: this.#outbox,
      months: () => this.#shelf.months(id),
      refused: (doc) => this.#shelf.refused(doc),
      outgoing: (of) =>
        outgoingViews.of(of, this.#outgoing.of(id), (message) =>
          this.#outgoing.transferOf(message),
        ),
      isBehind: (doc) => this.#shelf.isBehind(doc),
      summary: () => this.#summary(id, this.#chats.get(id) ?? chat),
      shows: () => this.#want(),
      changed: () => this.#changed(),
      closed: (closed) => {
        this.#conversations.delete(closed)
        this.#want()
      },
    })
    this.#conversations.add(conversation)
    await conversation.open()
    return conversation
  }

  /**
   * Looks for chats by name, and for messages on this device, by words: all of them, the last one
   * also as the beginning of a word. Case and accents do not matter. What it finds may be different
   * after any change that `subscribe` tells of.
   */
  async search(query: string, options: SearchOptions = {}): Promise<SearchResults> {
    const words = queryWords(query)
    const chats = options.chat === undefined ? filterChats(this.#listed(), query) : []
    if (query.trim() === '') return nothingFound
    const { hits, more, complete } = await this.#search.search({
      words,
      chat: options.chat,
      enough: enoughFor(options),
    })
    const found = ranked(hits, words, options, (id) => {
      const chat = this.#chats.get(id)
      return chat && { chat, title: this.#summary(id, chat).title }
    })
    return { chats: chats.map(({ id }) => id), ...found, more, complete }
  }

  /** People from the last look into the directory. */
  people(): readonly Person[] {
    return this.#people
  }

  // Writing

  /**
   * Writes a message, which may answer another one. Resolves once it is stored on this device.
   * @throws LocalStoreError when the device could not store it
   */
  async send(id: ChatId, text: string, replyTo?: string): Promise<void> {
    this.#expectMember(id)
    await this.#messages.send(id, { text }, replyTo)
    this.setTyping(id, false)
    // Before the composer lets go: a draft of what was sent must not come back beside it.
    if (text.startsWith(this.#drafts.get(id)?.trim() ?? ''))
      await this.setDraft(id, '').catch((error: unknown) => this.#storageFailed(error))
  }

  /**
   * Writes a message with files. Resolves once all of it is stored on this device; it is sent when
   * the server has the files.
   * @throws LocalStoreError when the device could not store it
   * @throws MessageError when the person is no longer in the chat
   */
  async sendFiles(
    id: ChatId,
    text: string,
    files: readonly NewFile[],
    replyTo?: string,
  ): Promise<void> {
    this.#expectMember(id)
    await this.#outgoing.add(id, text, files, replyTo ?? null)
    this.setTyping(id, false)
  }

  /**
   * Puts another text in the place of one's own message.
   * @throws MessageError when it is not one's own, or taken back
   */
  async edit(id: ChatId, key: string, text: string): Promise<void> {
    this.#expectMember(id)
    await this.#messages.edit(id, key, text)
  }

  /**
   * Takes one's own message back; one that was refused, or is on its way, just goes.
   * @throws MessageError when it is not one's own
   */
  async retract(id: ChatId, key: string): Promise<void> {
    const outgoing = readOutgoingKey(key)
    if (outgoing !== undefined) return this.#outgoing.cancel(outgoing)
    const attachments = (await this.#contentOf(id, key)).attachments ?? []
    const refused = await this.#takeRefused(id, key, async () => {})
    if (refused) return
    this.#expectMember(id)
    await this.#messages.retract(id, key)
    await this.#outgoing.release(id, attachments)
  }

  /** Reacts to a message with an emoji; '' takes the reaction back. */
  async react(id: ChatId, key: string, emoji: string): Promise<void> {
    this.#expectMember(id)
    await this.#messages.react(id, key, emoji)
  }

  /** Sends a message that was refused once more, as a new one. */
  async sendAgain(id: ChatId, key: string): Promise<void> {
    this.#expectMember(id)
    const outgoing = readOutgoingKey(key)
    if (outgoing !== undefined) return this.#outgoing.retry(outgoing)
    const refused = await this.#takeRefused(id, key, ({ body }) =>
      this.#messages.sendBodies(id, [body]),
    )
    if (!refused) throw new MessageError('There is no such message.')
  }

  /** Texts of a message before its edits, oldest first. */
  async history(id: ChatId, key: string): Promise<readonly string[]> {
    const message = await this.#message(id, key)
    const opened = await Promise.all((message?.message.history ?? []).map(openBody))
    return opened.map((body) => (body.kind === 'content' ? body.content.text : ''))
  }

  /** When a message reached each of those it was written for. */
  async info(id: ChatId, key: string): Promise<readonly MessageInfo[]> {
    const found = await this.#message(id, key)
    const chat = this.#chats.get(id)
    if (found === undefined || chat === undefined) return []
    const { message, open } = found
    return recipientsOf(chat, message).map((member) => {
      const receipts = open.page.receiptsOf(member.index)
      const time = (kind: 'd' | 'r') => receipts.timeOf(kind, message.writer, message.n) ?? null
      return { person: member, deliveredAt: time('d'), readAt: time('r') }
    })
  }

  /** Notes that these messages of others were visible, on a focused screen, to the person. */
  async markRead(id: ChatId, keys: readonly string[]): Promise<void> {
    await this.#messages.markRead(id, keys)
    await this.#unmark(id)
  }

  /** Notes that all there is of others in a chat was read, as the person says. */
  async markAllRead(id: ChatId): Promise<void> {
    for (const month of this.#shelf.months(id)) {
      const { page, me } = await this.#pages.open(pageDoc(id, month))
      const keys = page.unreadFor(me).map(({ writer, n }) => messageKey({ month, writer, n }))
      if (keys.length > 0) await this.#messages.markRead(id, keys)
    }
    await this.#unmark(id)
  }

  /** Changes how the person keeps a chat; all their devices follow. */
  async setChatPrefs(id: ChatId, prefs: Partial<ChatPrefs>): Promise<void> {
    const changes = Object.entries(prefs).map(([setting, value]) => [
      prefKey(setting as keyof ChatPrefs, id),
      value,
    ])
    await this.#sysDocs.setPrefs(userDoc(this.#me.id), Object.fromEntries(changes))
  }

  /** Puts a chat out of the way until somebody else writes, or takes it back. */
  async archive(id: ChatId, archived: boolean): Promise<void> {
    const newest = this.#shelf.digest(id).last?.at ?? 0
    const archivedAt = archived ? Math.max(this.#clock.now(), newest) : null
    await this.setChatPrefs(id, { archivedAt })
  }

  setTyping(id: ChatId, typing: boolean): void {
    const chat = this.#chats.get(id)
    if (chat === undefined || chat.left) return
    if (this.#leader === undefined) this.#options.bus.post({ type: 'typing', chat: id, typing })
    else this.#typing.set(id, chat.me, typing)
  }

  /** Keeps what is in the composer of a chat; '' for nothing. */
  async setDraft(chat: ChatId, text: string): Promise<void> {
    if ((this.#drafts.get(chat) ?? '') === text) return
    if (text === '') this.#drafts.delete(chat)
    else this.#drafts.set(chat, text)
    this.#changed()
    await this.#options.store.putDraft(chat, text)
    this.#options.bus.post({ type: 'draft', chat, text })
  }

  /** The chat with somebody, new or not. Undefined when the roles allow none. */
  startChat(other: Person): ChatId | undefined {
    const id = this.#chats.begin(other)
    this.#changed()
    return id
  }

  /** Keeps people found in the directory, for starting a chat offline. */
  async rememberPeople(people: readonly Person[]): Promise<void> {
    const byId = new Map([...this.#people, ...people].map((person) => [person.id, person]))
    this.#people = [...byId.values()]
    await this.#options.store.putMeta({ people: this.#people })
  }

  // The connection

  /** The device woke up, or the person asks to try again now. */
  wake(): void {
    if (this.#leader === undefined) this.#options.bus.post({ type: 'wake' })
    else this.#leader.wake()
  }

  /** A session is there again. */
  signedIn(): void {
    if (this.#leader === undefined) this.#options.bus.post({ type: 'signed-in' })
    else this.#leader.signedIn()
  }

  /** When all that has been asked for so far is done. */
  async idle(): Promise<void> {
    await this.#leader?.idle()
    await this.#pages.idle()
    await this.#shelf.idle()
    for (const conversation of this.#conversations) await conversation.update()
  }

  /** Lets go of the socket and the other tabs. What is stored stays. */
  close(): void {
    this.#closed = true
    this.#leader?.stop()
    this.#outgoing.stop()
    this.#shelf.stop()
    this.#search.stop()
    this.#options.bus.close()
    this.#listeners.clear()
  }

  // Inside

  /** Its place in the chat is taken now, and not when it was written. */
  async #sendOutgoing({ id, chat, text, replyTo, files }: OutgoingMessage): Promise<void> {
    const attachments = files.map(({ attachment }) => attachment)
    await this.#messages.send(chat, { text, attachments }, replyTo ?? undefined, id)
    // The person may have been taken out while the files were on their way.
    this.#setAside()
  }

  async #contentOf(id: ChatId, key: string): Promise<Content> {
    const body = (await this.#message(id, key))?.message.body
    const opened = body && (await openBody(body))
    return opened?.kind === 'content' ? opened.content : { text: '' }
  }

  /** Whether a message of this person has the file, in what this device knows of the chat. */
  async #refersTo({ chat, hash }: FileDeletion): Promise<boolean> {
    const { me } = this.#chats.get(chat) ?? {}
    return (await this.#filesIn(chat, (message) => message.author === me)).has(hash)
  }

  /** A message was taken back: files that no other one in the chat has go from this device, too. */
  async #dropFiles(chat: ChatId): Promise<void> {
    await this.files.keepOnly(chat, await this.#filesIn(chat, () => true))
  }

  /** Names of the files in messages of a chat, as far as they are on this device. */
  async #filesIn(chat: ChatId, counts: (message: Message) => boolean): Promise<Set<string>> {
    const names = filesOf(this.#outgoing.of(chat))
    for (const month of this.#shelf.months(chat)) {
      const { page } = await this.#pages.open(pageDoc(chat, month))
      for (const message of page.messages().filter(counts)) {
        const opened = message.body === null ? undefined : await openBody(message.body)
        if (opened?.kind !== 'content') continue
        for (const { hash } of opened.content.attachments ?? []) names.add(hash)
      }
    }
    return names
  }

  async #unmark(id: ChatId): Promise<void> {
    if (this.#prefs(id).markedUnread) await this.setChatPrefs(id, { markedUnread: false })
  }

  #prefs(id: ChatId): ChatPrefs {
    return readChatPrefs((key) => this.#sysDocs.pref(userDoc(this.#me.id), key), id)
  }

  async #message(
    id: ChatId,
    key: string,
  ): Promise<{ message: Message; open: OpenPage } | undefined> {
    const place = readMessageKey(key)
    if (place === undefined) return undefined
    const open = await this.#pages.open(pageDoc(id, place.month))
    const message = open.page
      .messages()
      .find(({ writer, n }) => writer === place.writer && n === place.n)
    return message && { message, open }
  }

  /** Takes a refused message out of its list, after `use` has done with it what there is to do. */
  async #takeRefused(
    id: ChatId,
    key: string,
    use: (message: RefusedMessage) => Promise<void>,
  ): Promise<boolean> {
    const place = readMessageKey(key)
    if (place?.writer !== REFUSED_WRITER) return false
    const doc = pageDoc(id, place.month)
    const refused = this.#shelf.refused(doc)
    const message = refused.find(({ at }) => at === place.n)
    if (message === undefined) return false
    await use(message)
    const { record } = await this.#options.store.append(doc, [], {
      refused: refused.filter((other) => other !== message),
    })
    this.#shelf.setRecord(record)
    this.#options.bus.post({ type: 'rows', doc })
    this.#updateConversations(doc)
    return true
  }

  async #lead(): Promise<void> {
    if (this.#closed) return
    const { store, timers, random, dial, getToken, bus } = this.#options
    this.#search.lead()
    this.#leader = new Leader({
      store,
      pages: this.#pages,
      sysDocs: this.#sysDocs,
      clock: this.#clock,
      timers,
      random,
      dial,
      getToken,
      device: this.#device,
      writer: this.#writer,
      events: {
        changed: () => {
          const connection = this.#connection()
          bus.post({ type: 'connection', connection })
          if (connection.phase !== 'live' && connection.phase !== 'syncing') this.#typists.clear()
          else if (!this.#reached) this.#outgoing.resume()
          this.#reached = connection.phase === 'live' || connection.phase === 'syncing'
          this.#changed()
        },
        stored: (doc, how) => {
          bus.post({ type: how, doc })
          void this.#recordChanged(doc)
        },
        acknowledged: (doc, upTo) => {
          this.#outbox.acknowledge(doc, upTo)
          bus.post({ type: 'acknowledged', doc, upTo })
          this.#updateConversations(doc)
        },
        canTake: (doc) => this.#chats.canTake(doc),
        learned: (docs) => {
          this.#shelf.learned(docs)
          this.#recall(this.#shelf.chats())
          this.#changed()
        },
        presence: (people) => {
          this.#notePresence(people)
          bus.post({ type: 'presence', people })
        },
        awareness: (doc, update) => {
          const ref = parseDocName(doc)
          if (ref?.kind === 'chat') this.#typists.received(ref.chat, update)
        },
        storageFailed: (error) => this.#storageFailed(error),
        resend: async (doc, bodies) => {
          const ref = parseDocName(doc)
          if (ref?.kind === 'page') await this.#messages.sendBodies(ref.chat, bodies)
        },
      },
    })
    this.#want()
    this.#outgoing.lead()
    try {
      await this.#leader.start()
      this.#setAside()
    } catch (error) {
      this.#storageFailed(error)
    }
  }

  #onTab(message: TabMessage, from: string): void {
    switch (message.type) {
      case 'rows':
        void this.#refresh(message.doc)
        return
      case 'replaced':
        void this.#replaced(message.doc)
        return
      case 'acknowledged':
        this.#outbox.acknowledge(message.doc, message.upTo)
        return this.#updateConversations(message.doc)
      case 'draft':
        if (message.text === '') this.#drafts.delete(message.chat)
        else this.#drafts.set(message.chat, message.text)
        return this.#changed()
      case 'want':
        this.#wantedByTabs.set(from, message.docs)
        return this.#want()
      case 'typing':
        if (this.#leader !== undefined) this.setTyping(message.chat, message.typing)
        return
      case 'connection':
        this.#ledBy = message.connection
        return this.#changed()
      case 'presence':
        return this.#notePresence(message.people)
      case 'typists':
        this.#ledTypists.set(message.chat, message.users)
        return this.#changed()
      case 'outgoing':
      case 'transfer':
        void this.#outgoing.onTab(message).catch((error: unknown) => this.#storageFailed(error))
        return
      case 'hello':
        return this.#tellTabs()
      case 'wake':
        return this.#leader?.wake()
      case 'signed-in':
        return this.#leader?.signedIn()
    }
  }

  /** Another tab wrote rows. */
  async #refresh(doc: DocName): Promise<void> {
    try {
      if (parseDocName(doc)?.kind === 'page') {
        if (this.#pages.peek(doc) === undefined) await this.#deriveClosed(doc)
        else await this.#pages.refresh(doc)
        this.#search.touched(doc)
        await this.#leader?.takeFromOutbox(doc)
      } else {
        await this.#sysDocs.refresh(doc)
        await this.#leader?.takeFromOutbox(doc)
      }
      await this.#recordChanged(doc)
    } catch (error) {
      this.#storageFailed(error)
    }
  }

  /** Another tab replaced rows. */
  async #replaced(doc: DocName): Promise<void> {
    try {
      this.#search.touched(doc)
      if (parseDocName(doc)?.kind === 'page') await this.#pages.replaced(doc)
      else await this.#sysDocs.replaced(doc)
      await this.#recordChanged(doc)
    } catch (error) {
      this.#storageFailed(error)
    }
  }

  /** The page of a chat that may be new to this tab. */
  async #deriveClosed(doc: DocName): Promise<void> {
    const ref = parseDocName(doc)
    if (ref?.kind === 'page') this.#recall([ref.chat])
    await this.#shelf.derive(await this.#pages.open(doc))
  }

  /** The record, or the outbox, of a document is another one: reads both again. */
  async #recordChanged(doc: DocName): Promise<void> {
    const { store } = this.#options
    const record = await store.record(doc)
    if (record !== undefined) this.#shelf.setRecord(record)
    this.#outbox.replace(doc, await store.outbox())
    const ref = parseDocName(doc)
    if (ref?.kind === 'page') this.#recall([ref.chat])
    this.#updateConversations(doc)
  }

  /** A tab that has just started knows nothing of the connection. */
  #tellTabs(): void {
    if (this.#leader === undefined) {
      const docs = [...this.#conversations].flatMap((conversation) => conversation.docs())
      if (docs.length > 0) this.#options.bus.post({ type: 'want', docs })
      return
    }
    this.#options.bus.post({ type: 'connection', connection: this.#connection() })
    this.#options.bus.post({ type: 'presence', people: [...this.#presence.values()] })
  }

  #want(): void {
    const shown = [...this.#conversations].flatMap((conversation) => conversation.docs())
    this.#pages.pin(shown)
    if (this.#leader === undefined) {
      this.#options.bus.post({ type: 'want', docs: shown })
      return
    }
    const wanted = [...shown, ...[...this.#wantedByTabs.values()].flat()]
    this.#leader.want(
      new Set([userDoc(this.#me.id), ...wanted.filter((doc) => this.#isOnServer(doc))]),
    )
  }

  /** Opening a chat registers it, and one that nothing was written in is not there yet. */
  #isOnServer(doc: DocName): boolean {
    const ref = parseDocName(doc)
    if (ref === undefined || ref.kind === 'user') return false
    const chat = this.#chats.get(ref.chat)
    return chat?.registered === true && !chat.left
  }

  #recall(chats: Iterable<ChatId>): void {
    for (const chat of chats) this.#chats.recall(chat, this.#people)
  }

  #sysChanged(doc: DocName): void {
    const ref = parseDocName(doc)
    const entries = this.#sysDocs.entries(doc)
    if (doc === userDoc(this.#me.id)) {
      const changed = this.#chats.readUserDoc(entries)
      this.#want()
      this.#membersChanged(changed)
    } else if (ref?.kind === 'chat' && this.#chats.readChatDoc(ref.chat, entries))
      this.#membersChanged([ref.chat])
    this.#updateConversations(doc)
  }

  #membersChanged(chats: readonly ChatId[]): void {
    for (const chat of chats) {
      void this.#shelf.membersChanged(chat).catch((error: unknown) => this.#storageFailed(error))
      this.#updateConversations(chatDoc(chat))
    }
    this.#setAside()
  }

  /** Nothing of what the person wrote in a chat that they are out of will be sent. */
  #setAside(): void {
    for (const doc of this.#outbox.docs()) {
      const ref = parseDocName(doc)
      if (ref?.kind === 'page' && this.#chats.get(ref.chat)?.left) this.#leader?.setAside(doc)
    }
  }

  #expectMember(id: ChatId): void {
    if (this.#chats.get(id)?.left === true)
      throw new MessageError('You are no longer a member of this chat.')
  }

  #recipientsOf(doc: DocName, message: Message): readonly MemberIndex[] {
    const ref = parseDocName(doc)
    const chat = ref?.kind === 'page' ? this.#chats.get(ref.chat) : undefined
    return chat === undefined ? [] : recipientsOf(chat, message).map(({ index }) => index)
  }

  #updateConversations(doc: DocName): void {
    const ref = parseDocName(doc)
    if (ref !== undefined && ref.kind !== 'user')
      for (const conversation of this.#conversations)
        if (conversation.chat === ref.chat)
          void conversation.update().catch((error: unknown) => this.#storageFailed(error))
    this.#changed()
  }

  #notePresence(people: readonly PersonPresence[]): void {
    for (const person of people) this.#presence.set(person.user, person)
    this.#changed()
  }

  #storageFailed(error: unknown): void {
    this.#storageProblem =
      error instanceof LocalStoreError && error.code === 'quota'
        ? 'There is no room left on this device. Free some space; nothing new can be saved until then.'
        : 'This device could not save. Reload the page; what was saved before is safe.'
    this.#changed()
  }

  /** Without a connection nobody is known to be online. */
  #online(): readonly UserId[] {
    const { phase } = this.#connection()
    if (phase !== 'live' && phase !== 'syncing') return []
    return [...this.#presence.values()].filter(({ online }) => online).map(({ user }) => user)
  }

  #connection(): ConnectionView {
    return this.#leader?.connection() ?? this.#ledBy
  }

  #listed(): readonly ChatSummary[] {
    // Of a chat that the person is out of there is only what this device had.
    const kept = [...this.#chats.all()].filter(
      (chat) => !chat.left || this.#shelf.months(chat.id).length > 0,
    )
    const chats = kept.map((chat) => ({ chat, summary: this.#summary(chat.id, chat) }))
    type Entry = (typeof chats)[number]
    const at = ({ chat, summary }: Entry) => summary.last?.at ?? chat.since
    // Pinned first, and then, for those who have many patients, who waits for an answer.
    const rank = ({ summary }: Entry) =>
      (summary.pinned ? 2 : 0) +
      (this.#me.role === 'doctor' && (summary.unread > 0 || summary.markedUnread) ? 1 : 0)
    return chats.sort((a, b) => rank(b) - rank(a) || at(b) - at(a)).map(({ summary }) => summary)
  }

  #summary(id: ChatId, chat: Chat): ChatSummary {
    if (this.#connected === undefined) {
      const { phase } = this.#connection()
      this.#connected = phase === 'live' || phase === 'syncing'
    }
    const summary = summarise({
      chat,
      digest: this.#shelf.digest(id),
      outbox: this.#outbox,
      outgoing: this.#outgoing.of(id),
      presence: this.#presence,
      connected: this.#connected,
      typing: this.#leader === undefined ? (this.#ledTypists.get(id) ?? []) : this.#typists.in(id),
      draft: this.#drafts.get(id) ?? '',
      prefs: this.#prefs(id),
      before: this.#summaries.get(id),
    })
    this.#summaries.set(id, summary)
    return summary
  }

  /** Many changes in one go become one notice. */
  #changed(): void {
    this.#shell = undefined
    this.#connected = undefined
    if (this.#notifying || this.#closed) return
    this.#notifying = true
    void Promise.resolve().then(() => {
      this.#notifying = false
      for (const listener of this.#listeners) listener()
    })
  }
}
