/** What a device is made of, and how its parts hear of each other. */

import { HybridClock } from '../chat/hybrid-clock.ts'
import type { Message } from '../chat/page.ts'
import { type MemberIndex, type Writer, writerFrom } from '../ids/client-id.ts'
import { type ChatId, chatDoc, type DeviceId, type DocName, parseDocName } from '../ids/ids.ts'
import { ChatBook } from './chat-book.ts'
import { ChatList } from './chat-list.ts'
import { ChatSettings } from './chat-settings.ts'
import { Drafts } from './drafts.ts'
import { FileCabinet } from './file-cabinet.ts'
import { FileGiver } from './file-giver.ts'
import { FileReturns } from './file-returns.ts'
import type { FileTransfer } from './file-transfer.ts'
import { FileUses } from './file-uses.ts'
import type { LocalStore, Meta } from './local-store.ts'
import { Memberships } from './memberships.ts'
import { MessageDetails } from './message-details.ts'
import { recipientsOf } from './message-views.ts'
import { Messages } from './messages.ts'
import { Notices } from './notices.ts'
import { OutboxBook } from './outbox-book.ts'
import { OutgoingDesk } from './outgoing-desk.ts'
import { PageShelf } from './page-shelf.ts'
import { Pages } from './pages.ts'
import { PeopleBook } from './people-book.ts'
import type { Dial, GetToken, RandomBytes, RecallGroup, Timers } from './ports.ts'
import { PresenceBook } from './presence-book.ts'
import { RefusedMessages } from './refused-messages.ts'
import { Rounds } from './rounds/rounds.ts'
import { Screen } from './screen.ts'
import { IndexKeeper } from './search/index-keeper.ts'
import { readPage } from './search/read-page.ts'
import { SearchDesk } from './search/search-desk.ts'
import { UnsentMessages } from './search/unsent-messages.ts'
import { SharedRows } from './shared-rows.ts'
import { Shell } from './shell.ts'
import { StorageAlarm } from './storage-alarm.ts'
import { SysDocs } from './sys-docs.ts'
import type { TabBus } from './tab-bus.ts'
import { Typists } from './typing.ts'
import { Uplink } from './uplink.ts'
import type { Person } from './views.ts'

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

  const notices = new Notices()
  const changed = (): void => {
    uplink.changed()
    shell.changed()
    notices.changed()
  }
  /** Something of a document, or about it, is different. */
  const docChanged = (doc: DocName): void => {
    screen.update(doc)
    rounds.touched()
    changed()
  }
  const alarm = new StorageAlarm(changed)
  const storageFailed = alarm.raise

  // What the device knows.
  const clock = new HybridClock(timers, meta.clockFloor)
  clock.restoreOffset(meta.clockOffset)
  const people = new PeopleBook(store, meta.people)
  const chats = new ChatBook(me)
  chats.learn(people.all())
  const outbox = new OutboxBook()
  const drafts = new Drafts({ store, bus, random, changed })
  const presence = new PresenceBook()
  const typists = new Typists(timers, (chat) => {
    bus.post({ type: 'typists', chat, users: typists.in(chat) })
    changed()
  })
  const uplink: Uplink = new Uplink({
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
    changed: (doc) => {
      settings.changed(doc)
      memberships.read(doc)
    },
    wrote: (doc, row) => uplink.wrote(doc, row),
    damaged: (doc) => uplink.refetch(doc),
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
    changed: (open) => {
      clock.observe(open.page.newestAt)
      index.touched(open.doc)
      void shelf.derive(open).catch(storageFailed)
      docChanged(open.doc)
    },
    wrote: (doc, row, entries) => {
      outbox.add({ doc, no: row.no, entries })
      uplink.wrote(doc, row)
      changed()
    },
    incomplete: (doc) => {
      uplink.refetch(doc)
      void rows.changedBy('rows', doc).catch(storageFailed)
    },
    ...(ports.pause && { pause: ports.pause }),
    erased: (doc) => {
      const ref = parseDocName(doc)
      if (ref?.kind === 'page') void fileUses.dropUnused(ref.chat).catch(storageFailed)
    },
  })
  const shelf = new PageShelf({ store, timers, pages, recipientsOf: recipientsIn(chats), changed })
  const memberships = new Memberships({
    me: me.id,
    chats,
    people,
    sysDocs,
    shelf,
    outbox,
    uplink,
    changed: docChanged,
    storageFailed,
  })

  // Messages, and the files that they have.
  const messages = new Messages(pages, clock)
  const details = new MessageDetails(pages, chats)
  const refused = new RefusedMessages({ store, shelf, bus, changed: docChanged })
  const files = new FileCabinet(store, ports.files, timers)
  const outgoing: OutgoingDesk = new OutgoingDesk({
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
  const fileUses = new FileUses({ chats, pages, shelf, outgoing, cabinet: files })

  const fileReturns = new FileReturns({
    store,
    transfer: ports.files,
    timers,
    isConnected: () => uplink.isConnected(),
  })

  const rounds: Rounds = new Rounds(
    {
      store,
      timers,
      clock,
      pages,
      shelf,
      cabinet: files,
      chats: () => onRounds(chats, settings),
      upToDate: () => uplink.upToDate(),
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
    shelf,
    outbox,
    outgoing,
    presence,
    typists,
    drafts,
    settings,
    isConnected: () => uplink.isConnected(),
  })
  const shell = new Shell({ me, list, uplink, outbox, outgoing, presence, alarm, rounds })
  const screen = new Screen({
    pages,
    sysDocs,
    shelf,
    outbox,
    outgoing,
    list,
    isRestoring: (doc) => uplink.isRestoring(doc),
    shows: () => uplink.want(),
    changed,
    storageFailed,
  })
  const index = new IndexKeeper({
    store,
    timers,
    pages: () => shelf.pages(),
    read: (doc) => readPage(store, pages, doc, ports.pause),
    // Each page that comes would have to be read once more.
    isBusy: () => uplink.connection().phase === 'syncing',
    changed,
  })
  const unsent = new UnsentMessages({ chats, shelf, outgoing })
  const searches = new SearchDesk(index, unsent, chats, list)
  const rows = new SharedRows({
    store,
    pages,
    sysDocs,
    shelf,
    index,
    outbox,
    uplink,
    memberships,
    changed: docChanged,
  })

  return {
    ...{ ports, identity, notices, changed, storageFailed, clock, people, chats, outbox, drafts },
    ...{ presence, typists, uplink, sysDocs, settings, pages, shelf, memberships, messages },
    ...{ details, refused, files, outgoing, list, shell, screen, index, searches, rows },
    ...{ rounds, fileReturns, fileGiver },
  }
}

/** Chats of the patients to be seen. */
const onRounds = (chats: ChatBook, settings: ChatSettings): readonly ChatId[] =>
  [...chats.all()].filter((chat) => !chat.left && settings.of(chat.id).onRounds).map(({ id }) => id)

/** Whose receipts a message in a page needs. */
const recipientsIn =
  (chats: ChatBook) =>
  (doc: DocName, message: Message): readonly MemberIndex[] => {
    const ref = parseDocName(doc)
    const chat = ref?.kind === 'page' ? chats.get(ref.chat) : undefined
    return chat === undefined ? [] : recipientsOf(chat, message).map(({ index }) => index)
  }
