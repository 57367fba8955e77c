import type { ChatId } from '../base/ids.ts'
import type { DocumentParts } from './assemble-documents.ts'
import type { MessageParts } from './assemble-messages.ts'
import type { StateParts } from './assemble-state.ts'
import type { SyncParts } from './assemble-sync.ts'
import type { ChatRegistry } from './chats/chat-registry.ts'
import { Openings } from './chats/openings.ts'
import type { ChatSettings } from './documents/chat-settings.ts'
import { ChatList } from './list/chat-list.ts'
import { Screen } from './list/screen.ts'
import { Shell } from './list/shell.ts'
import type { Person } from './model/views.ts'
import type { Ports } from './ports.ts'
import { Rounds } from './rounds/rounds.ts'
import { LaterSearch } from './search/later-search.ts'
import { readPage } from './search/read-page.ts'
import type { Signals } from './signals.ts'
import type { Meta } from './store/local-store.ts'

/** What is shown, looked for, and taken along. */
export const assembleViews = (
  ports: Ports,
  signals: Signals,
  me: Person,
  meta: Meta,
  parts: StateParts & DocumentParts & SyncParts & MessageParts,
) => {
  const { store, bus, timers } = ports
  const { clock, chats, outbox, drafts, presence, problem, settings, pages, sysDocs } = parts
  const { pageIndex, slices, syncLink, typists, files, outgoing } = parts
  const changed = (): void => signals.changed.emit()
  const storageFailed = problem.raise
  const isConnected = (): boolean => syncLink.isConnected()
  const rounds: Rounds = new Rounds(
    {
      ...{ store, timers, clock, pages, pageIndex, changed, storageFailed, fileCache: files },
      chats: () => onRounds(chats, settings),
      upToDate: () => syncLink.upToDate(),
      tell: (asOf, counts) => bus.post({ type: 'rounds', asOf, files: counts }),
    },
    meta.completeAsOf,
  )
  const openings = new Openings(
    {
      ...{ store, timers, clock, storageFailed, tell: ports.tellOpenings },
      post: (some) => bus.post({ type: 'openings', openings: some }),
    },
    meta.untoldOpenings,
  )
  const list = new ChatList({
    ...{ role: me.role, chats, pageIndex, outbox, outgoing, presence, typists, drafts, settings },
    isConnected,
  })
  const shell = new Shell({ me, list, syncLink, outbox, outgoing, presence, problem, rounds })
  signals.changed.on(() => shell.changed())
  const screen = new Screen({
    ...{ pages, sysDocs, pageIndex, outbox, outgoing, list, changed, storageFailed },
    isRestoring: (doc) => syncLink.isRestoring(doc),
    shows: (docs) => signals.shown.emit(docs),
  })
  signals.docChanged.on((doc) => {
    screen.update(doc)
    rounds.touched()
    changed()
  })
  const searches = new LaterSearch({
    ...{ store, timers, changed, chats, list, pageIndex, outgoing },
    pages: () => pageIndex.pages(),
    read: (doc) => readPage(store, pages, doc, slices),
    // Each page that comes would have to be read once more.
    isBusy: () => syncLink.connection().phase === 'syncing',
  })
  signals.pageTouched.on((doc) => searches.touched(doc))
  return { rounds, openings, list, shell, screen, searches }
}

/** Chats of the patients to be seen. */
const onRounds = (chats: ChatRegistry, settings: ChatSettings): readonly ChatId[] =>
  [...chats.all()].filter((chat) => !chat.left && settings.of(chat.id).onRounds).map(({ id }) => id)
