import { chatDoc, parseDocName } from '../base/ids.ts'
import type { DocumentParts } from './assemble-documents.ts'
import type { StateParts } from './assemble-state.ts'
import type { SyncParts } from './assemble-sync.ts'
import { MessageDetails } from './conversation/message-details.ts'
import { Messages } from './conversation/messages.ts'
import { RefusedMessages } from './conversation/refused-messages.ts'
import { FileCache } from './files/file-cache.ts'
import { FileGiver } from './files/file-giver.ts'
import { FileReturns } from './files/file-returns.ts'
import { FileUses } from './files/file-uses.ts'
import { UploadQueue } from './files/upload-queue.ts'
import type { Ports } from './ports.ts'
import type { Signals } from './signals.ts'

/** Messages, and the files that they have. */
export const assembleMessages = (
  ports: Ports,
  signals: Signals,
  { clock, chats, problem }: StateParts,
  { pages, pageIndex }: DocumentParts,
  { syncLink, memberships }: SyncParts,
) => {
  const { store, bus, timers, random, files: transfer } = ports
  const storageFailed = problem.raise
  const messages = new Messages(pages, clock)
  const details = new MessageDetails(pages, chats)
  const refused = new RefusedMessages({
    ...{ store, pageIndex, bus },
    changed: (doc) => signals.docChanged.emit(doc),
  })
  const files = new FileCache(store, transfer, timers)
  const outgoing: UploadQueue = new UploadQueue({
    ...{ store, transfer, timers, clock, random, storageFailed },
    // Its place in the chat is taken now, and not when it was written.
    send: async ({ id, chat, text, replyTo, files: sent }) => {
      const attachments = sent.map(({ attachment }) => attachment)
      await messages.send(chat, { text, attachments }, replyTo ?? undefined, { outgoing: id })
      // The person may have been taken out while the files were on their way.
      memberships.setAside()
    },
    refersTo: (deletion) => fileUses.isOwn(deletion),
    changed: (chat) => signals.docChanged.emit(chatDoc(chat)),
    tell: (message) => bus.post(message),
  })
  const fileUses = new FileUses({ chats, pages, pageIndex, outgoing, fileCache: files })
  signals.erased.on((doc) => {
    const ref = parseDocName(doc)
    if (ref?.kind === 'page') void fileUses.dropUnused(ref.chat).catch(storageFailed)
  })
  const fileGiver = new FileGiver({ store, transfer, pages, timers, storageFailed })
  const isConnected = (): boolean => syncLink.isConnected()
  const fileReturns = new FileReturns({ store, transfer, timers, isConnected })
  return { messages, details, refused, files, outgoing, fileGiver, fileReturns }
}

export type MessageParts = ReturnType<typeof assembleMessages>
