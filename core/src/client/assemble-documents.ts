import { type MemberIndex, writerFrom } from '../base/client-id.ts'
import { type DeviceId, type DocName, parseDocName } from '../base/ids.ts'
import type { Message } from '../chat/page.ts'
import { recipientsOf } from '../chat/recipients.ts'
import { Slices } from '../time/slices.ts'
import type { StateParts } from './assemble-state.ts'
import type { ChatRegistry } from './chats/chat-registry.ts'
import { PageIndex } from './chats/page-index.ts'
import { ChatSettings } from './documents/chat-settings.ts'
import { Pages } from './documents/pages.ts'
import { SysDocs } from './documents/sys-docs.ts'
import type { Person } from './model/views.ts'
import type { Ports } from './ports.ts'
import type { Signals } from './signals.ts'

/** The documents of the device, and which pages its chats have. */
export const assembleDocuments = (
  ports: Ports,
  signals: Signals,
  { me, device }: { me: Person; device: DeviceId },
  { clock, chats, problem }: StateParts,
) => {
  const { store, timers, random } = ports
  const slices = new Slices({ elapsed: () => timers.elapsed(), pause: ports.pause })
  const stored = new Set<DocName>()
  signals.recordStored.on(({ doc, lastRow }) => void (lastRow > 0 && stored.add(doc)))
  const hasRows = (doc: DocName): boolean => stored.has(doc)
  const sysDocs = new SysDocs({
    store,
    random,
    hasRows,
    ...(ports.pause && { pause: ports.pause }),
    changed: (doc, record) => {
      if (record !== undefined) signals.recordStored.emit(record)
      settings.changed(doc)
      signals.sysDocChanged.emit(doc)
    },
    wrote: (doc, row) => signals.wrote.emit(doc, row, undefined),
    damaged: (doc) => signals.incomplete.emit(doc),
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
    hasRows,
    changed: (open, record) => {
      if (record !== undefined) signals.recordStored.emit(record)
      clock.observe(open.page.newestAt)
      signals.pageTouched.emit(open.doc)
      void pageIndex.derive(open).catch(problem.raise)
      signals.docChanged.emit(open.doc)
    },
    wrote: (doc, row, entries) => {
      signals.wrote.emit(doc, row, entries)
      signals.changed.emit()
    },
    incomplete: (doc) => signals.incomplete.emit(doc),
    slices,
    erased: (doc) => signals.erased.emit(doc),
  })
  const pageIndex = new PageIndex({
    store,
    timers,
    slices,
    pages,
    recipientsOf: recipientsIn(chats),
    changed: () => signals.changed.emit(),
  })
  return { slices, stored, sysDocs, settings, pages, pageIndex }
}

export type DocumentParts = ReturnType<typeof assembleDocuments>

/** Whose receipts a message in a page needs. */
const recipientsIn =
  (chats: ChatRegistry) =>
  (doc: DocName, message: Message): readonly MemberIndex[] => {
    const ref = parseDocName(doc)
    const chat = ref?.kind === 'page' ? chats.get(ref.chat) : undefined
    return chat === undefined ? [] : recipientsOf(chat, message).map(({ index }) => index)
  }
