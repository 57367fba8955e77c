/**
 * How the tabs of one browser profile work together: they share the device's database, tell each
 * other what they wrote into it, and elect the one that holds the socket.
 */

import type { ChatId, DocName } from '../../base/ids.ts'
import type { PersonPresence } from '../../protocol/frames.ts'
import type { ComposerDraft } from '../model/composer-draft.ts'
import type { DraftUse } from '../model/draft-book.ts'
import type { Opening } from '../model/ports.ts'
import type { AsOf, RecentFileCounts } from '../model/rounds.ts'
import type { ConnectionView } from '../model/views.ts'

export type TabMessage =
  /** Rows of the document, its record or its part of the outbox changed. */
  | { type: 'rows'; doc: DocName }
  /** The document's rows were replaced: read them again from the start. */
  | { type: 'replaced'; doc: DocName }
  | { type: 'acknowledged'; doc: DocName; upTo: number }
  | { type: 'draft'; chat: ChatId; draft: ComposerDraft }
  /** Something of a draft was stored: what is left of it. */
  | { type: 'draft-used'; use: DraftUse }
  /** Messages with files that wait in this chat changed: read them again. */
  | { type: 'outgoing'; chat: ChatId }
  /** From the leader: how much of a file of a waiting message the server has. */
  | { type: 'transfer'; id: string; hash: string; sent: number }
  /** From a follower: this chat is on screen, or no longer; the leader keeps its documents open. */
  | { type: 'want'; docs: readonly DocName[] }
  | { type: 'typing'; chat: ChatId; typing: boolean }
  /** From the leader. */
  | { type: 'connection'; connection: ConnectionView }
  /** From the leader: documents of which the server has something damaged. */
  | { type: 'restoring'; docs: readonly DocName[] }
  /** From the leader: what the device's clock has to be corrected by, ms, and the server's time. */
  | { type: 'clock'; offset: number; serverTime: number }
  | { type: 'presence'; people: readonly PersonPresence[] }
  | { type: 'typists'; chat: ChatId; users: readonly string[] }
  | { type: 'rounds'; asOf: AsOf; files: RecentFileCounts }
  /** To the leader: these chats were on a screen. */
  | { type: 'openings'; openings: readonly Opening[] }
  /** A new tab asks the leader to say again how things stand. */
  | { type: 'hello' }
  /** To the leader: something of the document cannot be read, or is not here; it is to be fetched. */
  | { type: 'refetch'; doc: DocName }
  /** To the leader: now is a good time to try, as somebody asks in another tab. */
  | { type: 'wake' }
  /** To the leader: somebody looks at the screen of another tab; said again every 10 s. */
  | { type: 'attend' }
  /** To the leader: somebody signed in again in another tab. */
  | { type: 'signed-in' }

export interface TabBus {
  /** To all other tabs of the same user; `from` is this tab. */
  post(message: TabMessage): void
  /** `from` tells tabs apart, so that wants can be dropped with the tab that had them. */
  onMessage(listener: (message: TabMessage, from: string) => void): void
  /** Calls back once, when this tab is the one that holds the socket. */
  lead(elected: () => void): void
  close(): void
}

/** For a program, which has no other tabs. */
export const soloBus = (): TabBus => ({
  post: () => {},
  onMessage: () => {},
  lead: (elected) => elected(),
  close: () => {},
})
