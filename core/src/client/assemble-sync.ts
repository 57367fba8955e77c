import type { Writer } from '../base/client-id.ts'
import { pageDoc, parseDocName } from '../base/ids.ts'
import type { DocumentParts } from './assemble-documents.ts'
import type { StateParts } from './assemble-state.ts'
import { purgeChat } from './documents/purge-chat.ts'
import { Memberships } from './memberships.ts'
import type { Person } from './model/views.ts'
import type { Ports } from './ports.ts'
import { SharedRows } from './row-changes.ts'
import type { Signals } from './signals.ts'
import { SyncLink } from './sync/sync-link.ts'
import { Typists } from './sync/typing.ts'

/** What comes from the server and from other tabs, and goes there. */
export const assembleSync = (
  ports: Ports,
  signals: Signals,
  { me, writer }: { me: Person; writer: Writer },
  { chats, people, outbox, problem }: StateParts,
  { sysDocs, pages, pageIndex }: DocumentParts,
) => {
  const { store, bus, timers } = ports
  const syncLink = new SyncLink({ me: me.id, bus, timers, writer, chats })
  signals.changed.on(() => syncLink.changed())
  signals.shown.on((docs) => syncLink.shows(docs))
  signals.wrote.on((doc, row) => syncLink.wrote(doc, row))
  const typists = new Typists(timers, (chat) => {
    bus.post({ type: 'typists', chat, users: typists.in(chat) })
    signals.changed.emit()
  })
  const changed = signals.docChanged.emit.bind(signals.docChanged)
  const memberships = new Memberships({
    ...{ me: me.id, chats, people, sysDocs, pageIndex, outbox, syncLink, changed },
    purge: (chat) => {
      const docs = pageIndex.months(chat).map((month) => pageDoc(chat, month))
      return purgeChat(chat, docs, { store, pages, sysDocs })
    },
    storageFailed: problem.raise,
  })
  signals.sysDocChanged.on((doc) => memberships.read(doc))
  const rows = new SharedRows({
    ...{ store, pages, sysDocs, pageIndex, outbox, syncLink, memberships, changed },
    touched: (doc) => signals.pageTouched.emit(doc),
  })
  signals.recordStored.on((record) => rows.note(record))
  signals.incomplete.on((doc) => {
    syncLink.refetch(doc)
    if (parseDocName(doc)?.kind === 'page') void rows.changedBy('rows', doc).catch(problem.raise)
  })
  return { syncLink, typists, memberships, rows }
}

export type SyncParts = ReturnType<typeof assembleSync>
