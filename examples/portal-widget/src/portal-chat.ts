/** The chat of the person who is signed in with one doctor, month by month. */
import { clientIdOf, type MemberIndex } from '@wardline/core/base/client-id'
import {
  type ChatId,
  chatDoc,
  directChatId,
  type Month,
  monthOf,
  type UserId,
} from '@wardline/core/base/ids'
import { HybridClock } from '@wardline/core/chat/hybrid-clock'
import { SYS } from '@wardline/core/chat/lanes'
import type { Message } from '@wardline/core/chat/page'
import { type ChatSys, readChatSys } from '@wardline/core/chat/sys'
import { CloseCode } from '@wardline/core/protocol/close-code'
import { connectDoc, type DocConnection } from '@wardline/core/yjs/connect-doc'
import { newWriter } from '@wardline/core/yjs/new-writer'
import type { ClosedEvent } from '@wardline/core/yjs/renew-token'
import * as Y from 'yjs'
import { ChatPage, type Progress } from './chat-page.ts'
import { DeviceCopy } from './device-copy.ts'
import type { LocalNotes, Owner } from './local-notes.ts'
import type { Session } from './session.ts'

/** In a direct chat the patient is 1 and the doctor 2. */
const PATIENT: MemberIndex = 1
const DOCTOR: MemberIndex = 2
/** Messages below which the month before is shown too, unasked. */
const FEW = 10

export type LinkState =
  | 'connecting'
  | 'online'
  | 'offline'
  /** Only signing in helps. */
  | 'signed-out'
  /** Not a member, or not any more. */
  | 'no-access'
  /** This device believes that it is another day than the server does. */
  | 'wrong-clock'

export interface Line {
  readonly month: Month
  readonly message: Message
  readonly isOwn: boolean
  /** Of one's own. */
  readonly progress: Progress | undefined
}

export interface PortalChatOptions {
  readonly server: string
  readonly owner: Owner
  readonly doctor: UserId
  readonly session: Session
  readonly notes: LocalNotes
  readonly keeps: boolean
  readonly changed: () => void
}

export class PortalChat {
  readonly #options: PortalChatOptions
  readonly #id: ChatId
  readonly #clock = new HybridClock({ now: Date.now, elapsed: () => performance.now() })
  readonly #writer = newWriter()
  readonly #doc = new Y.Doc()
  readonly #copy: DeviceCopy | undefined
  /** Newest month first. */
  readonly #pages: ChatPage[] = []
  #connection: DocConnection | undefined
  #state: LinkState = 'connecting'
  /** What the server has against this device; it outlasts a connection that goes on. */
  #objection: 'no-access' | 'wrong-clock' | undefined
  #closed = false
  /** One month besides the newest is shown unasked. */
  #hasLookedBack = false
  /** Months that are being begun anew, and those that were because of a clock. */
  readonly #renewing = new Set<Month>()
  readonly #misdated = new Set<Month>()

  constructor(options: PortalChatOptions) {
    this.#options = options
    const { owner, doctor, keeps, changed } = options
    this.#id = directChatId(owner.id, doctor)
    // Typing is told by awareness, under a client id that nothing is written with ([AWARE-2]).
    this.#doc.clientID = clientIdOf(PATIENT, newWriter())
    const name = this.#databaseOf('chat')
    this.#copy = keeps ? new DeviceCopy(name, this.#doc, changed) : undefined
    this.#doc.getMap(SYS).observe(() => this.#look())
    this.#open(monthOf(this.#clock.now()))
    for (const month of options.notes.unsent) this.#open(month)
    void (this.#copy?.loaded ?? Promise.resolve()).then(() => this.#connect())
  }

  get state(): LinkState {
    return this.#objection ?? this.#state
  }

  /** Whether what is written is saved on this device. */
  get isKept(): boolean {
    return this.#pages.every(({ isKept }) => isKept)
  }

  get isAtRisk(): boolean {
    return this.#pages.some(({ isAtRisk }) => isAtRisk)
  }

  /** Name of the doctor, once it is known. */
  get doctorName(): string | undefined {
    return this.#sys.members.find(({ index }) => index === DOCTOR)?.name
  }

  /** What the server says of the doctor now. */
  get presence(): 'typing' | 'online' | 'away' {
    const { doctor } = this.#options
    const states = [...(this.#connection?.provider.awareness.getStates().values() ?? [])]
    if (this.#state !== 'online') return 'away'
    if (states.some(({ user, typing }) => user === doctor && typing === true)) return 'typing'
    const isOnline = states.some(({ online }) => Array.isArray(online) && online.includes(doctor))
    return isOnline ? 'online' : 'away'
  }

  /** Whether there is a month before those that are shown. */
  get hasEarlier(): boolean {
    return this.#earlier !== undefined
  }

  /** In the order of the screen, oldest first. */
  get lines(): readonly Line[] {
    return this.#pages.toReversed().flatMap((page) =>
      page.messages.map((message): Line => {
        const isOwn = message.author === PATIENT
        const progress = isOwn ? page.progressOf(message) : undefined
        return { month: page.month, message, isOwn, progress }
      }),
    )
  }

  /** @throws TextError for a text that no message can hold, or that shows nothing */
  async send(text: string): Promise<void> {
    const newest = Math.max(...this.#pages.map(({ newestAt }) => newestAt))
    this.#clock.observe(newest)
    const at = this.#clock.tick()
    const page = this.#open(monthOf(at))
    await page.loaded
    this.#options.notes.noteUnsent(page.month)
    await page.lane.send({ text }, at)
  }

  showEarlier(): void {
    const month = this.#earlier
    if (month !== undefined) this.#open(month)
  }

  /** @param isSeen whether a line was on the screen, before the person's eyes */
  noteSeen(isSeen: (message: Message) => boolean): void {
    for (const page of this.#pages) page.lane.noteRead(this.#clock.now(), isSeen)
  }

  setTyping(typing: boolean): void {
    this.#connection?.provider.awareness.setLocalStateField('typing', typing)
  }

  /** The browser says that there is no network. */
  pause(): void {
    this.#setState('offline')
    this.#connection?.disconnect()
    for (const page of this.#pages) page.disconnect()
  }

  /** Goes on after somebody has signed in, or when there is a network again. */
  resume(): void {
    this.#objection = undefined
    this.#setState('connecting')
    this.#connection?.connect()
    for (const page of this.#pages) page.connect()
  }

  /** @param clear deletes what is on this device */
  async close(clear = false): Promise<void> {
    this.#closed = true
    this.#connection?.close()
    await Promise.all(this.#pages.map((page) => page.close(clear)))
    await (clear ? this.#copy?.clear() : this.#copy?.close())
    this.#doc.destroy()
  }

  get #sys(): ChatSys {
    return readChatSys(this.#doc.getMap(SYS).entries())
  }

  /** The newest month that is not shown. */
  get #earlier(): Month | undefined {
    const shown = this.#pages.map(({ month }) => month)
    return this.#sys.pages.find((month) => !shown.includes(month) && month < (shown.at(-1) ?? ''))
  }

  /** What the chat's document says decides which months there are. */
  #look(): void {
    const [newest] = this.#pages
    for (const month of this.#sys.pages)
      if (newest !== undefined && month > newest.month) this.#open(month)
    const count = this.#pages.reduce((sum, { messages }) => sum + messages.length, 0)
    if (count < FEW && this.hasEarlier && !this.#hasLookedBack) {
      this.#hasLookedBack = true
      this.showEarlier()
    }
    this.#options.changed()
  }

  #open(month: Month): ChatPage {
    const known = this.#pages.find((page) => page.month === month)
    if (known !== undefined) return known
    const { server, session, notes, keeps } = this.#options
    const page = new ChatPage({
      server,
      chat: this.#id,
      month,
      index: PATIENT,
      other: DOCTOR,
      writer: this.#writer,
      device: notes.device,
      getToken: session.getToken,
      keeps,
      database: this.#databaseOf(month),
      changed: () => {
        if (this.#closed) return
        page.lane.noteDelivered(this.#clock.now())
        if (page.isSent === true) notes.noteSent(month)
        if (page.isSent === false) notes.noteUnsent(month)
        this.#options.changed()
      },
      signedOut: () => this.#setState('signed-out'),
      refused: (event) => void this.#refused(page, event),
    })
    this.#pages.push(page)
    this.#pages.sort((a, b) => (a.month < b.month ? 1 : -1))
    return page
  }

  /**
   * The server did not take what this device wrote, and stops listening to it: what it has not got
   * is set aside for the person to see, and the month is begun anew from what it has.
   */
  async #refused(page: ChatPage, { code, reason }: ClosedEvent): Promise<void> {
    const { month } = page
    if (code === CloseCode.notFound) {
      // Written while this device's clock was wrong, which it is no more if it says so, too.
      if (month > monthOf(this.#clock.now())) return this.#setAside(page, false)
      return this.#object('wrong-clock')
    }
    if (code !== CloseCode.refused) return this.#object('no-access')
    // What was written while the clock was wrong is gone after the first time.
    if (reason === 'CLOCK' && this.#misdated.has(month)) return this.#object('wrong-clock')
    if (reason === 'CLOCK') this.#misdated.add(month)
    await this.#setAside(page, true)
  }

  /** @param answers whether the server says what it has of the month, which is then begun anew */
  async #setAside(page: ChatPage, answers: boolean): Promise<void> {
    const { month } = page
    if (this.#renewing.has(month)) return
    this.#renewing.add(month)
    const { notes } = this.#options
    const texts = await page.unstoredTexts(answers)
    notes.refused = [...new Set([...notes.refused, ...texts])]
    notes.noteSent(month)
    this.#pages.splice(this.#pages.indexOf(page), 1)
    await page.close(true)
    this.#renewing.delete(month)
    if (!this.#closed && answers) this.#open(month)
    this.#options.changed()
  }

  #object(objection: 'no-access' | 'wrong-clock'): void {
    this.#objection = objection
    this.#options.changed()
  }

  #connect(): void {
    if (this.#closed) return
    const { server, session, changed } = this.#options
    this.#connection = connectDoc(this.#doc, chatDoc(this.#id), {
      server,
      getToken: async (refused) => {
        const answer = await session.getToken(refused)
        if (answer.kind === 'unreachable') this.#setState('offline')
        return answer
      },
      onSignedOut: () => this.#setState('signed-out'),
      onRefused: () => this.#object('no-access'),
      betweenTabs: false,
    })
    const { provider } = this.#connection
    provider.on('sync', (synced) => {
      if (synced) this.#setState('online')
    })
    provider.on('connection-close', (event) => {
      // A token that has ended is replaced, and nobody need hear of it.
      const renews = event?.code === CloseCode.unauthorized
      if (this.#state === 'online' || this.#state === 'connecting')
        this.#setState(renews ? 'connecting' : 'offline')
    })
    provider.awareness.on('change', changed)
    this.#look()
  }

  #setState(state: LinkState): void {
    if (this.#closed) return
    this.#state = state
    this.#options.changed()
  }

  #databaseOf(part: string): string {
    return `wardline-chat ${this.#options.server} ${this.#id} ${part}`
  }
}
