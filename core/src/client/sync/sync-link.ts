/**
 * The device's way to the server: this tab's own socket when it leads, and otherwise the tab that
 * does. What is asked of it is done here or passed on to there.
 */
import type { Writer } from '../../base/client-id.ts'
import {
  type ChatId,
  chatDoc,
  type DocName,
  parseDocName,
  type UserId,
  userDoc,
} from '../../base/ids.ts'
import type { ChatRegistry } from '../chats/chat-registry.ts'
import type { Timers } from '../model/ports.ts'
import type { ConnectionView } from '../model/views.ts'
import type { StoredRow } from '../store/local-store.ts'
import type { Leader } from './leader.ts'
import type { TabBus } from './tab-bus.ts'
import { TypingSignal } from './typing.ts'

/** How often a tab that somebody looks at says so to the one that leads, ms. */
const ATTEND_AGAIN = 10_000

export interface SyncLinkOptions {
  me: UserId
  bus: TabBus
  timers: Timers
  writer: Writer
  chats: ChatRegistry
}

export class SyncLink {
  readonly #options: SyncLinkOptions
  readonly #typing: TypingSignal
  #leader: Leader | undefined
  /** Documents that are on screen in this tab. */
  #shown: readonly DocName[] = []
  #attended = false
  #attendedElsewhere = false
  #cancelAttend = () => {}
  #cancelAttended = () => {}
  /** What the leading tab says, while this one does not lead. */
  #ledBy: ConnectionView = { phase: 'offline' }
  #restoring: readonly DocName[] = []
  /** Until something changes: to know it, every document is looked at. */
  #connection: ConnectionView | undefined
  /** Documents that whichever tab leads has to fetch from the start; perhaps none did yet. */
  readonly #refetch = new Set<DocName>()
  /** What other tabs have on screen, by tab. */
  readonly #wantedByTabs = new Map<string, readonly DocName[]>()

  constructor(options: SyncLinkOptions) {
    this.#options = options
    this.#typing = new TypingSignal(options.timers, options.writer, (chat, update) =>
      this.#leader?.sendAwareness(chatDoc(chat), update),
    )
  }

  /** This tab leads from now on. */
  lead(leader: Leader): void {
    this.#leader = leader
    for (const doc of this.#refetch) leader.refetch(doc)
    this.#refetch.clear()
    this.#attend()
    this.changed()
    this.want()
  }

  get leads(): boolean {
    return this.#leader !== undefined
  }

  connection(): ConnectionView {
    this.#connection ??= this.#leader?.connection() ?? this.#ledBy
    return this.#connection
  }

  /** Something on which the connection's view depends may be different. */
  changed(): void {
    this.#connection = undefined
  }

  isConnected(): boolean {
    const { phase } = this.connection()
    return phase === 'live' || phase === 'syncing'
  }

  /** The leading tab says how it stands with the server. */
  told(connection: ConnectionView): void {
    this.#ledBy = connection
    this.changed()
  }

  /** Documents of which the server has something damaged, as far as is known. */
  restoring(): readonly DocName[] {
    return this.#leader?.restoring() ?? this.#restoring
  }

  isRestoring(doc: DocName): boolean {
    return this.restoring().includes(doc)
  }

  /** The leading tab says which they are. Returns those of which it said otherwise before. */
  toldRestoring(docs: readonly DocName[]): readonly DocName[] {
    const before = this.#restoring
    this.#restoring = docs
    return [...before, ...docs].filter((doc) => before.includes(doc) !== docs.includes(doc))
  }

  /** A row of this device's own is stored and waits to be sent. */
  wrote(doc: DocName, row: StoredRow): void {
    this.#leader?.wrote(doc, row)
    this.#options.bus.post({ type: 'rows', doc })
  }

  /** Another tab wrote: its rows go out from here, when this one leads. */
  async takeFromOutbox(doc: DocName): Promise<void> {
    await this.#leader?.takeFromOutbox(doc)
  }

  /** The rows build on something that is not here, or cannot be read. */
  refetch(doc: DocName): void {
    if (this.#leader !== undefined) return this.#leader.refetch(doc)
    this.#refetch.add(doc)
    this.#options.bus.post({ type: 'refetch', doc })
  }

  /** What was not sent of a page will not be. */
  setAside(doc: DocName): void {
    this.#leader?.setAside(doc)
  }

  /** These documents are on screen in this tab now. */
  shows(docs: readonly DocName[]): void {
    this.#shown = docs
    this.want()
  }

  /** Other documents than before are wanted, or may be asked for. */
  want(): void {
    const { me, bus } = this.#options
    const docs = this.#shown
    if (this.#leader === undefined) return bus.post({ type: 'want', docs })
    const wanted = [...docs, ...[...this.#wantedByTabs.values()].flat()]
    this.#leader.want(new Set([userDoc(me), ...wanted.filter((doc) => this.#isOnServer(doc))]))
  }

  /** Another tab has these documents on screen. */
  wantedBy(tab: string, docs: readonly DocName[]): void {
    this.#wantedByTabs.set(tab, docs)
    // One that follows only remembers it, for when it leads: two that answered each other with what
    // they want would never end, and more of them would say it more often each time.
    if (this.leads) this.want()
  }

  /** Whether the person is typing. */
  typing(id: ChatId, typing: boolean): void {
    const chat = this.#options.chats.get(id)
    if (chat === undefined || chat.left) return
    if (this.leads) this.#typing.set(id, chat.me, typing)
    else this.#options.bus.post({ type: 'typing', chat: id, typing })
  }

  /** Now is a good time to try. */
  wake(): void {
    if (this.#leader === undefined) this.#options.bus.post({ type: 'wake' })
    else this.#leader.wake()
  }

  /** Whether somebody looks at the screen of this tab. */
  attend(attended: boolean): void {
    this.#attended = attended
    this.#attend()
  }

  /** Somebody looks at the screen of another tab, which says so again while it lasts. */
  attendedBy(): void {
    this.#cancelAttended()
    this.#attendedElsewhere = true
    this.#cancelAttended = this.#options.timers.after(2 * ATTEND_AGAIN, () => {
      this.#attendedElsewhere = false
      this.#attend()
    })
    this.#attend()
  }

  #attend(): void {
    this.#cancelAttend()
    if (this.#leader !== undefined)
      return this.#leader.attend(this.#attended || this.#attendedElsewhere)
    if (!this.#attended) return
    this.#options.bus.post({ type: 'attend' })
    this.#cancelAttend = this.#options.timers.after(ATTEND_AGAIN, () => this.#attend())
  }

  /** The device says so in every tab, also in the one that leads. */
  network(there: boolean): void {
    this.#leader?.network(there)
  }

  /** A session is there again. */
  signedIn(): void {
    if (this.#leader === undefined) this.#options.bus.post({ type: 'signed-in' })
    else this.#leader.signedIn()
  }

  /**
   * When the server was last heard of, ms, if by then everything that it has was here, and this
   * tab leads. Resolves when that is stored.
   */
  async upToDate(): Promise<number | undefined> {
    if (this.connection().phase !== 'live') return undefined
    const at = this.#leader?.heardAt
    await this.idle()
    return at
  }

  /** When everything that came so far is stored. */
  async idle(): Promise<void> {
    await this.#leader?.idle()
  }

  stop(): void {
    this.#cancelAttend()
    this.#cancelAttended()
    this.#leader?.stop()
  }

  /** Opening a chat registers it, and one that nothing was written in is not there yet. */
  #isOnServer(doc: DocName): boolean {
    const ref = parseDocName(doc)
    if (ref === undefined || ref.kind === 'user') return false
    const chat = this.#options.chats.get(ref.chat)
    return chat?.registered === true && !chat.left
  }
}
