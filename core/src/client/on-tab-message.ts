/** What the tabs of a browser profile tell each other, and what this one makes of it. */
import type { Parts } from './assemble.ts'
import type { TabMessage } from './sync/tab-bus.ts'

/** What is made of what another tab says. */
type Told = Pick<
  Parts,
  | 'ports'
  | 'changed'
  | 'storageFailed'
  | 'clock'
  | 'drafts'
  | 'rows'
  | 'presence'
  | 'typists'
  | 'syncLink'
  | 'outgoing'
  | 'rounds'
  | 'openings'
  | 'screen'
>

/** Listens to the other tabs, and makes itself known to them. */
export const hearTabs = (parts: Told): void => {
  const { bus } = parts.ports
  bus.onMessage((message, from) => hear(parts, message, from))
  bus.post({ type: 'hello' })
}

const hear = (parts: Told, message: TabMessage, from: string): void => {
  const { syncLink, rows, outgoing, drafts, presence, typists, rounds, screen } = parts
  const { openings } = parts
  const { changed, storageFailed } = parts
  switch (message.type) {
    case 'rows':
      return void rows.refresh(message.doc).catch(storageFailed)
    case 'replaced':
      return void rows.replaced(message.doc).catch(storageFailed)
    case 'acknowledged':
      return rows.acknowledged(message.doc, message.upTo)
    case 'draft':
      return void drafts.heard(message.chat, message.draft).catch(storageFailed)
    case 'draft-used':
      return drafts.heardUse(message.use)
    case 'want':
      return syncLink.wantedBy(from, message.docs)
    case 'connection':
      syncLink.told(message.connection)
      return changed()
    case 'restoring':
      for (const doc of syncLink.toldRestoring(message.docs)) screen.update(doc)
      return
    case 'clock':
      return syncLink.leads ? undefined : parts.clock.follow(message.offset, message.serverTime)
    case 'presence':
      presence.note(message.people)
      return changed()
    case 'typists':
      typists.told(message.chat, message.users)
      return changed()
    case 'rounds':
      rounds.told(message.asOf, message.files)
      return changed()
    case 'outgoing':
    case 'transfer':
      return void outgoing.onTab(message).catch(storageFailed)
    case 'openings':
      return openings.told(message.openings)
    case 'hello':
      return introduce(parts)
    // What only the tab that leads can do.
    case 'refetch':
      return syncLink.leads ? syncLink.refetch(message.doc) : undefined
    case 'typing':
      return syncLink.leads ? syncLink.typing(message.chat, message.typing) : undefined
    case 'wake':
      return syncLink.leads ? syncLink.wake() : undefined
    case 'attend':
      return syncLink.leads ? syncLink.attendedBy() : undefined
    case 'signed-in':
      return syncLink.leads ? syncLink.signedIn() : undefined
    default:
      message satisfies never
  }
}

/** A tab that has just started knows nothing of the connection, and a leader nothing of screens. */
const introduce = ({ ports: { bus }, syncLink, screen, presence, rounds }: Told): void => {
  if (syncLink.leads) {
    bus.post({ type: 'connection', connection: syncLink.connection() })
    bus.post({ type: 'restoring', docs: syncLink.restoring() })
    bus.post({ type: 'presence', people: presence.all() })
    rounds.say()
    return
  }
  const docs = screen.docs()
  if (docs.length > 0) bus.post({ type: 'want', docs })
}
