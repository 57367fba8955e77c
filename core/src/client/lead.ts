/** What a tab does from when it is the one that holds the socket. */
import { type DocName, parseDocName } from '../base/ids.ts'
import type { Parts } from './assemble.ts'
import { Emitter } from './model/emitter.ts'
import { Leader, type LeaderEvents } from './sync/leader.ts'

/** What is made of what the server says. */
type Told = Pick<
  Parts,
  | 'ports'
  | 'changed'
  | 'storageFailed'
  | 'chats'
  | 'pageIndex'
  | 'rows'
  | 'memberships'
  | 'presence'
  | 'typists'
  | 'syncLink'
  | 'messages'
  | 'outgoing'
  | 'fileGiver'
  | 'fileReturns'
  | 'rounds'
  | 'openings'
  | 'screen'
>
type Leading = Told & Pick<Parts, 'identity' | 'clock' | 'pages' | 'sysDocs' | 'searches'>

/** Resolves when the device's database is read and the socket has been asked for. */
export const lead = async (parts: Leading): Promise<void> => {
  const { ports, identity, clock, pages, sysDocs, syncLink, searches, typists, outgoing, rounds } =
    parts
  const { store, timers, random, dial, getToken, recallGroup } = ports
  const { device, writer } = identity
  const sources = { store, pages, sysDocs, clock, timers, random, dial, getToken, recallGroup }
  const leader = new Leader({ ...sources, device, writer, events: eventsOf(parts) })
  searches.lead()
  typists.lead()
  syncLink.lead(leader)
  // What the tab that led before said of documents, this one has yet to find.
  for (const doc of syncLink.toldRestoring([])) parts.screen.update(doc)
  parts.ports.bus.post({ type: 'restoring', docs: [] })
  outgoing.lead()
  rounds.lead()
  parts.openings.lead()
  try {
    await leader.start()
    parts.memberships.setAside()
  } catch (error) {
    parts.storageFailed(error)
  }
}

/** What comes from the server, for this tab and for the others. */
const eventsOf = (parts: Told): LeaderEvents => {
  const { chats, pageIndex, rows, syncLink, outgoing, presence, typists, memberships, messages } =
    parts
  const { changed, storageFailed } = parts
  const { bus } = parts.ports
  /** Whether it was connected when it last looked. */
  let reached = false
  const moves = new Emitter()
  moves.subscribe(() => {
    bus.post({ type: 'connection', connection: syncLink.connection() })
    if (!syncLink.isConnected()) typists.clear()
    else if (!reached) {
      outgoing.resume()
      parts.fileReturns.look()
      parts.fileGiver.resume()
      parts.openings.resume()
    }
    reached = syncLink.isConnected()
    parts.rounds.touched()
  })
  const recordChanged = (doc: DocName): void => {
    bus.post({ type: 'rows', doc })
    void rows.changedBy('rows', doc).catch(storageFailed)
  }
  return {
    changed: () => {
      changed()
      moves.changed()
    },
    arrived: (doc) => bus.post({ type: 'rows', doc }),
    stored: (doc, how) => {
      bus.post({ type: how, doc })
      void rows.changedBy(how, doc).catch(storageFailed)
    },
    acknowledged: (doc, upTo) => {
      bus.post({ type: 'acknowledged', doc, upTo })
      rows.acknowledged(doc, upTo)
    },
    givenAgain: (doc) => {
      recordChanged(doc)
      parts.fileGiver.add(doc)
    },
    serverLost: (doc) => {
      for (const lost of doc === undefined ? [...pageIndex.pages()].map((page) => page.doc) : [doc])
        recordChanged(lost)
      void outgoing.serverLost().catch(storageFailed)
    },
    canTake: (doc) => chats.canTake(doc),
    learned: (docs) => {
      memberships.recall(pageIndex.learned(docs))
      changed()
    },
    clockCorrected: (offset, serverTime) => bus.post({ type: 'clock', offset, serverTime }),
    restoring: (doc) => {
      bus.post({ type: 'restoring', docs: syncLink.restoring() })
      parts.screen.update(doc)
    },
    presence: (people) => {
      presence.note(people)
      bus.post({ type: 'presence', people })
      changed()
    },
    awareness: (doc, update) => {
      const ref = parseDocName(doc)
      if (ref?.kind === 'chat') typists.received(ref.chat, update)
    },
    storageFailed,
    resend: async (doc, bodies) => {
      const ref = parseDocName(doc)
      if (ref?.kind === 'page') await messages.sendBodies(ref.chat, bodies)
    },
  }
}
