/** What a device is made of, and how its parts hear of each other. */

import { type MemberIndex, type Writer, writerFrom } from '../base/client-id.ts'
import { type ChatId, chatDoc, type DeviceId, type DocName, parseDocName } from '../base/ids.ts'
import { HybridClock } from '../chat/hybrid-clock.ts'
import type { Message } from '../chat/page.ts'
import { recipientsOf } from '../chat/recipients.ts'
import { ChatRegistry } from './chats/chat-registry.ts'
import { OutboxIndex } from './chats/outbox-index.ts'
import { PageIndex } from './chats/page-index.ts'
import { People } from './chats/people.ts'
import { Presence } from './chats/presence.ts'
import { Drafts } from './conversation/drafts.ts'
import { MessageDetails } from './conversation/message-details.ts'
import { Messages } from './conversation/messages.ts'
import { RefusedMessages } from './conversation/refused-messages.ts'
import { ChatSettings } from './documents/chat-settings.ts'
import { Pages } from './documents/pages.ts'
import { SysDocs } from './documents/sys-docs.ts'
import { FileCache } from './files/file-cache.ts'
import { FileGiver } from './files/file-giver.ts'
import { FileReturns } from './files/file-returns.ts'
import type { FileTransfer } from './files/file-transfer.ts'
import { FileUses } from './files/file-uses.ts'
import { UploadQueue } from './files/upload-queue.ts'
import { ChatList } from './list/chat-list.ts'
import { Screen } from './list/screen.ts'
import { Shell } from './list/shell.ts'
import { Memberships } from './memberships.ts'
import { Emitter } from './model/emitter.ts'
import type { Dial, GetToken, RandomBytes, RecallGroup, Timers } from './model/ports.ts'
import type { Person } from './model/views.ts'
import { Rounds } from './rounds/rounds.ts'
import { SharedRows } from './row-changes.ts'
import { readPage } from './search/read-page.ts'
import { Search } from './search/search.ts'
import { SearchIndexer } from './search/search-indexer.ts'
import { UnsentMessages } from './search/unsent-messages.ts'
import type { LocalStore, Meta } from './store/local-store.ts'
import { StorageProblem } from './store/storage-problem.ts'
import { SyncLink } from './sync/sync-link.ts'
import type { TabBus } from './sync/tab-bus.ts'
import { Typists } from './sync/typing.ts'

export interface Ports {
  store: LocalStore
  bus: TabBus
  dial: Dial
  getToken: GetToken
  timers: Timers
  random: RandomBytes
  /** Lets the screen and others have their turn in the middle of long work. */
  pause?: () => Promise<void>
  /** How files get to the server; without it there are none. */
  files?: FileTransfer
  /** Without it the server gets back nothing of what it said of groups. */
  recallGroup?: RecallGroup
}

/** Who the device belongs to, and which one of theirs it is. */
export interface Identity {
  me: Person
  device: DeviceId
  writer: Writer
}

export type Parts = ReturnType<typeof assemble>

export const assemble = (ports: Ports, { me, device }: Omit<Identity, 'writer'>, meta: Meta) => {
  const { store, bus, timers, random } = ports
  const identity: Identity = { me, device, writer: writerFrom(random(5)) }

  const emitter = new Emitter()
  const changed = (): void => {
    syncLink.changed()
    shell.changed()
    emitter.changed()
  }
  /** Something of a document, or about it, is different. */
  const docChanged = (doc: DocName): void => {
    screen.update(doc)
    rounds.touched()
    changed()
  }
  const alarm = new StorageProblem(changed)
  const storageFailed = alarm.raise

  // What the device knows.
  const clock = new HybridClock(timers, meta.clockFloor)
  clock.restoreOffset(meta.clockOffset)
  const people = new People(store, meta.people)
  const chats = new ChatRegistry(me)
  chats.learn(people.all())
  const outbox = new OutboxIndex()
  const drafts = new Drafts({ store, bus, random, changed })
  const presence = new Presence()
  const typists = new Typists(timers, (chat) => {
    bus.post({ type: 'typists', chat, users: typists.in(chat) })
    changed()
  })
  const syncLink: SyncLink = new SyncLink({
    me: me.id,
    bus,
    timers,
    writer: identity.writer,
    chats,
    shown: () => screen.docs(),
  })

  // Its documents.
  const sysDocs = new SysDocs({
    store,
    random,
    changed: (doc, record) => {
      if (record !== undefined) rows.note(record)
      settings.changed(doc)
      memberships.read(doc)
    },
    wrote: (doc, row) => syncLink.wrote(doc, row),
    damaged: (doc) => syncLink.refetch(doc),
  })
  const settings = new ChatSettings(sysDocs, clock, me.id)
  const pages = new Pages({
    store,
    clock,
    random,
    device,
    // Not the one of typing: who sees it there could be the first to use it in a page.
    writer: writerFrom(random(5)),
    indexIn: (doc) => chats.indexIn(doc),
    changed: (open, record) => {
      if (record !== undefined) rows.note(record)
      clock.observe(open.page.newestAt)
      index.touched(open.doc)
      void pageIndex.derive(open).catch(storageFailed)
      docChanged(open.doc)
    },
    wrote: (doc, row, entries) => {
      outbox.add({ doc, no: row.no, entries })
      syncLink.wrote(doc, row)
      changed()
    },
    incomplete: (doc) => {
      syncLink.refetch(doc)
      void rows.changedBy('rows', doc).catch(storageFailed)
    },
    ...(ports.pause && { pause: ports.pause }),
    erased: (doc) => {
      const ref = parseDocName(doc)
      if (ref?.kind === 'page') void fileUses.dropUnused(ref.chat).catch(storageFailed)
    },
  })
  const pageIndex = new PageIndex({
    store,
    timers,
    pages,
    recipientsOf: recipientsIn(chats),
    changed,
  })
  const memberships = new Memberships({
    me: me.id,
    chats,
    people,
    sysDocs,
    pageIndex,
    outbox,
    syncLink,
    changed: docChanged,
    storageFailed,
  })

  // Messages, and the files that they have.
  const messages = new Messages(pages, clock)
  const details = new MessageDetails(pages, chats)
  const refused = new RefusedMessages({ store, pageIndex, bus, changed: docChanged })
  const files = new FileCache(store, ports.files, timers)
  const outgoing: UploadQueue = new UploadQueue({
    store,
    transfer: ports.files,
    timers,
    clock,
    random,
    // Its place in the chat is taken now, and not when it was written.
    send: async ({ id, chat, text, replyTo, files: sent }) => {
      const attachments = sent.map(({ attachment }) => attachment)
      await messages.send(chat, { text, attachments }, replyTo ?? undefined, { outgoing: id })
      // The person may have been taken out while the files were on their way.
      memberships.setAside()
    },
    refersTo: (deletion) => fileUses.isOwn(deletion),
    changed: (chat) => docChanged(chatDoc(chat)),
    tell: (message) => bus.post(message),
    storageFailed,
  })
  const fileGiver = new FileGiver({ store, transfer: ports.files, pages, timers, storageFailed })
  const fileUses = new FileUses({ chats, pages, pageIndex, outgoing, fileCache: files })

  const fileReturns = new FileReturns({
    store,
    transfer: ports.files,
    timers,
    isConnected: () => syncLink.isConnected(),
  })

  const rounds: Rounds = new Rounds(
    {
      store,
      timers,
      clock,
      pages,
      pageIndex,
      fileCache: files,
      chats: () => onRounds(chats, settings),
      upToDate: () => syncLink.upToDate(),
      tell: (asOf, files) => bus.post({ type: 'rounds', asOf, files }),
      changed,
      storageFailed,
    },
    meta.completeAsOf,
  )

  // What is shown.
  const list = new ChatList({
    role: me.role,
    chats,
    pageIndex,
    outbox,
    outgoing,
    presence,
    typists,
    drafts,
    settings,
    isConnected: () => syncLink.isConnected(),
  })
  const shell = new Shell({ me, list, syncLink, outbox, outgoing, presence, alarm, rounds })
  const screen = new Screen({
    pages,
    sysDocs,
    pageIndex,
    outbox,
    outgoing,
    list,
    isRestoring: (doc) => syncLink.isRestoring(doc),
    shows: () => syncLink.want(),
    changed,
    storageFailed,
  })
  const index = new SearchIndexer({
    store,
    timers,
    pages: () => pageIndex.pages(),
    read: (doc) => readPage(store, pages, doc, ports.pause),
    // Each page that comes would have to be read once more.
    isBusy: () => syncLink.connection().phase === 'syncing',
    changed,
  })
  const unsent = new UnsentMessages({ chats, pageIndex, outgoing })
  const searches = new Search(index, unsent, chats, list)
  const rows = new SharedRows({
    store,
    pages,
    sysDocs,
    pageIndex,
    index,
    outbox,
    syncLink,
    memberships,
    changed: docChanged,
  })

  return {
    ...{ ports, identity, emitter, changed, storageFailed, clock, people, chats, outbox, drafts },
    ...{ presence, typists, syncLink, sysDocs, settings, pages, pageIndex, memberships, messages },
    ...{ details, refused, files, outgoing, list, shell, screen, index, searches, rows },
    ...{ rounds, fileReturns, fileGiver },
  }
}

/** Chats of the patients to be seen. */
const onRounds = (chats: ChatRegistry, settings: ChatSettings): readonly ChatId[] =>
  [...chats.all()].filter((chat) => !chat.left && settings.of(chat.id).onRounds).map(({ id }) => id)

/** Whose receipts a message in a page needs. */
const recipientsIn =
  (chats: ChatRegistry) =>
  (doc: DocName, message: Message): readonly MemberIndex[] => {
    const ref = parseDocName(doc)
    const chat = ref?.kind === 'page' ? chats.get(ref.chat) : undefined
    return chat === undefined ? [] : recipientsOf(chat, message).map(({ index }) => index)
  }
